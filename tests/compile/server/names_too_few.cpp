// mcp: give exactly one name for each parameter of the handler, except mcp::context&
//
// mistake: a wrong number of names
#include <mcp/server/server.hpp>

int add(int a, int b, mcp::context&) {
    return a + b;
}

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<add, "a", "b">("Add");
#else
    server.tool<add, "a">("Add");
#endif
}
