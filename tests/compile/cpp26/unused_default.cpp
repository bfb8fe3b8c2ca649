// mcp: the default argument of a parameter that takes all arguments has no effect; give the members
// of the struct default member initialisers
//
// mistake: a default argument for a struct of all arguments, of a function
#include <mcp/server/server.hpp>

struct query {
    int limit = 10;
};

#ifdef ACCEPT
[[=mcp::doc("Find")]] int find(query q) {
    return q.limit;
}
#else
[[=mcp::doc("Find")]] int find(query q = {.limit = 5}) {
    return q.limit;
}
#endif

void use(mcp::server<>& server) {
    server.tool<^^find>();
}
