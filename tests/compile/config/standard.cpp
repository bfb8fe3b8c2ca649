// mcp: asio-mcp needs C++20: compile with -std=c++20 or newer
//
// mistake: no `-std=c++20`
//
// rejected with: -std=c++17
//
// compiler: asio-mcp_stops_here
#include <mcp/server.hpp>

static int add(int a, int b) {
    return a + b;
}

void add_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers");
}
