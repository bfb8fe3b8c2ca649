// mcp: describe<T> names a member that T does not have; write the name exactly as T declares it
#include <mcp/schema/schema_of.hpp>

struct search {
    int limit;
};

template <>
struct mcp::describe<search> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<"limit">("How many"));
#else
    static constexpr auto members = mcp::members(mcp::member<"Limit">("How many"));
#endif
};

constexpr auto text = mcp::schema_of<search>;
