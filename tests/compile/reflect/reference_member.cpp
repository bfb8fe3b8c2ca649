// mcp: the members of this struct cannot be counted; it must be complete and hold neither
// references
#include <mcp/reflect/members.hpp>

struct view {
#ifdef ACCEPT
    int number;
#else
    int& number;
#endif
};

constexpr auto count = mcp::reflect::member_count<view>;
