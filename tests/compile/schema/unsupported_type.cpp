// mcp: a pointer or reference has no JSON form; take the value, or std::optional of it
//
// mistake: a pointer or a reference
#include <mcp/schema/schema_of.hpp>

struct node {
    int value;
#ifdef ACCEPT
    std::optional<int> next;
#else
    int* next;
#endif
};

constexpr auto text = mcp::schema_of<node>;
