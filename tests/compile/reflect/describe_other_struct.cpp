// mcp: describe<T> points to a member of another struct; write mcp::member<&T::…>
//
// mistake: a member of another struct in `describe`
#include <mcp/schema/schema_of.hpp>

struct other {
    int limit;
};

struct search {
    int limit;
};

template <>
struct mcp::describe<search> {
#ifdef ACCEPT
    static constexpr auto members = mcp::members(mcp::member<&search::limit>("How many"));
#else
    static constexpr auto members = mcp::members(mcp::member<&other::limit>("How many"));
#endif
};

constexpr auto text = mcp::schema_of<search>;
