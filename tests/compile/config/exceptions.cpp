// mcp: asio-mcp needs exceptions: compile without -fno-exceptions
//
// mistake: `-fno-exceptions`
//
// rejected with: -fno-exceptions
//
// compiler: asio-mcp_stops_here
#include <mcp/server.hpp>

static int add(int a, int b) {
    return a + b;
}

void add_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers");
}
