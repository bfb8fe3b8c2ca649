// mcp: the compiler cannot list the members of a struct with a base class; list all in describe<T>
#include <mcp/reflect/members.hpp>

struct base {
    int id;
};

struct derived : base {
    int more;
};

#ifdef ACCEPT
template <>
struct mcp::describe<derived> {
    static constexpr auto members =
        mcp::members(mcp::member<&derived::id>(), mcp::member<&derived::more>());
};
#endif

constexpr auto count = mcp::reflect::member_count<derived>;
