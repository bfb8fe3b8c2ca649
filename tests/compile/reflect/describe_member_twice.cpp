// mcp: describe<T> describes a member twice; keep one of the two
//
// mistake: a member that is described twice
#include <mcp/schema/schema_of.hpp>

struct search {
    int limit;
    int page;
};

template <>
struct mcp::describe<search> {
#ifdef ACCEPT
    static constexpr auto members =
        mcp::members(mcp::member<"limit">("How many"), mcp::member<"page">("Which"));
#else
    static constexpr auto members =
        mcp::members(mcp::member<"limit">("How many"), mcp::member<"limit">("Which"));
#endif
};

constexpr auto text = mcp::schema_of<search>;
