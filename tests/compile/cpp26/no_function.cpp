// mcp: server.tool<^^f>() takes a function
#include <mcp/server/server.hpp>

[[=mcp::doc("Twice")]] int twice(int n) {
    return 2 * n;
}

int number = 2;

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<^^twice>();
#else
    server.tool<^^number>("A number");
#endif
}
