// mcp: an attribute in describe<T> does not fit the type of its member
//
// mistake: an attribute for another type
#include <mcp/schema/schema_of.hpp>

#include <string>

struct search {
    std::string query;
};

template <>
struct mcp::describe<search> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<"query">("Words", mcp::min_length{1}));
#else
    static constexpr auto members = mcp::members(mcp::member<"query">("Words", mcp::minimum{1}));
#endif
};

constexpr auto text = mcp::schema_of<search>;
