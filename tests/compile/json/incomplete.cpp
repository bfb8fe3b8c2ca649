// mcp: this class is only declared here; include its definition
//
// mistake: a class that is only declared
#include <mcp/server/server.hpp>

#ifdef ACCEPT
struct query {
    int limit;
};
#else
struct query;
#endif

int find(const query& what);

void use(mcp::server<>& server) {
    server.tool<find>("Find");
}
