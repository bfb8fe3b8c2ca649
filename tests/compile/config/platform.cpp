// mcp: asio-mcp runs on Linux only
//
// mistake: another platform
//
// rejected with: -U__linux__
//
// compiler: asio-mcp_stops_here
#include <mcp/server.hpp>

static int add(int a, int b) {
    return a + b;
}

void add_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers");
}
