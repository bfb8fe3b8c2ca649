// mcp: the handler is no function, or its operator() is a template or overloaded, so that its
// parameters cannot be read
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"echo">("Echo", [](mcp::arg<"text", std::string> text) { return *text; });
#else
    server.tool<"echo">("Echo", [](auto text) { return text; });
#endif
}
