// mcp: described takes a text, and then mcp::member<…>(…), mcp::title{"…"}, mcp::camel_case{} and
// mcp::no_defaults{}
//
// mistake: a part of `described` that is none
#include <mcp/schema/schema_of.hpp>

struct search {
    int limit;

#ifdef ACCEPT
    static constexpr auto describe = mcp::described(mcp::member<&search::limit>("How many"));
#else
    static constexpr auto describe = mcp::described("Search", mcp::minimum{1});
#endif
};

constexpr auto text = mcp::schema_of<search>;
