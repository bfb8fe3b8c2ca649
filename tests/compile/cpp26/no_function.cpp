// mcp: this reflection is not that of a function; write ^^f
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
