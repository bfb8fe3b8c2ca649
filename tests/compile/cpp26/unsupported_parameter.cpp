// mcp: a pointer or reference has no JSON form; take the value, or std::optional of it
#include <mcp/server/server.hpp>

#ifdef ACCEPT
[[=mcp::doc("Twice")]] int twice(int n) {
    return 2 * n;
}
#else
[[=mcp::doc("Twice")]] int twice(int* n) {
    return 2 * *n;
}
#endif

void use(mcp::server<>& server) {
    server.tool<^^twice>();
}
