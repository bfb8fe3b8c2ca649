// mcp: member<"…">(…) takes a description and attributes such as mcp::minimum{1}
//
// mistake: an attribute that is none
#include <mcp/schema/schema_of.hpp>

struct search {
    int limit;
};

template <>
struct mcp::describe<search> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<"limit">("How many", mcp::minimum{5}));
#else
    static constexpr auto members = mcp::members(mcp::member<"limit">("How many", 5));
#endif
};

constexpr auto text = mcp::schema_of<search>;
