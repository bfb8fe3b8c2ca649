// mcp: the members of a struct with a base class cannot be listed; make the base its first member
#include <mcp/reflect/members.hpp>

struct base {
    int id;
};

#ifdef ACCEPT
struct derived {
    base head;
    int more;
};
#else
struct derived : base {
    int more;
};
#endif

constexpr auto count = mcp::reflect::member_count<derived>;
