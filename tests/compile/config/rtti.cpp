// mcp: with -fno-rtti, Asio needs -DASIO_NO_TYPEID
//
// mistake: `-fno-rtti`
//
// rejected with: -fno-rtti
//
// accepted with: -fno-rtti -DASIO_NO_TYPEID
//
// compiler: asio-mcp_stops_here
#include <mcp/server.hpp>

static int add(int a, int b) {
    return a + b;
}

void add_tools(mcp::any_server& server) {
    server.tool<add, "a", "b">("Add two numbers");
}
