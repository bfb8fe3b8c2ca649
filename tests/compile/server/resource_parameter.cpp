// mcp: the handler of a resource takes nothing but mcp::context&; for one with parameters write a
// URI template, as resource<"notes://{id}">
#include <mcp/server/server.hpp>

#include <string>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"note://one">("A note", [](mcp::context&) { return "x"; });
#else
    server.resource<"note://one">("A note", [](mcp::arg<"id", std::string> id) { return *id; });
#endif
}
