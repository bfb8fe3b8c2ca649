// mcp: the default argument of a parameter that takes all arguments has no effect; give the members
// of the struct default member initialisers
//
// mistake: a default argument for a struct of all arguments
#include <mcp/server/server.hpp>

struct query {
    int limit = 10;
};

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"find">("Find", [](query q) { return q.limit; });
#else
    server.tool<"find">("Find", [](query q = {.limit = 5}) { return q.limit; });
#endif
}
