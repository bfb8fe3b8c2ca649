// mcp: the handler of a resource takes only mcp::context&; for a resource with parameters use a URI
// template, such as resource<"notes://{id}">
//
// mistake: a resource with a parameter
#include <mcp/server/server.hpp>

#include <string>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"note://one">("A note", [](mcp::context&) { return "x"; });
#else
    server.resource<"note://one">("A note", [](mcp::arg<"id", std::string> id) { return *id; });
#endif
}
