// mcp: the description comes first, such as server.tool<add, "a", "b">("Add two numbers")
//
// mistake: a description that is not the first argument
#include <mcp/server/server.hpp>

int add(int a, int b);

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<add, "a", "b">("Add", mcp::read_only);
#else
    server.tool<add, "a", "b">(mcp::read_only, "Add");
#endif
}
