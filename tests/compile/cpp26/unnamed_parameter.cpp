// mcp: a parameter of this function has no name, or not the same in all declarations; give it one
#include <mcp/server/server.hpp>

#ifdef ACCEPT
[[=mcp::doc("Twice")]] int twice(int n) {
    return 2 * n;
}
#else
[[=mcp::doc("Twice")]] int twice(int) {
    return 0;
}
#endif

void use(mcp::server<>& server) {
    server.tool<^^twice>();
}
