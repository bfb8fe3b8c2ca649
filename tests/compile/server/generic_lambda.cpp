// mcp: the parameters of the handler cannot be read; it must be a function, or an object whose
// operator() is neither a template nor overloaded
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"echo">("Echo", [](mcp::arg<"text", std::string> text) { return *text; });
#else
    server.tool<"echo">("Echo", [](auto text) { return text; });
#endif
}
