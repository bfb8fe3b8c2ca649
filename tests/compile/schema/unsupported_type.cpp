// mcp: this type has no JSON form; make it an aggregate struct, list its members by pointer in mcp::describe, or specialise mcp::codec for it
//
// lines: 50
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
