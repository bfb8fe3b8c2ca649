// mcp: the description comes first, such as server.tool<add, "a", "b">("Add two numbers")
//
// mistake: a registration without a description
#include <mcp/server/server.hpp>

int add(int a, int b);

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<add, "a", "b">("Add");
#else
    server.tool<add, "a", "b">();
#endif
}
