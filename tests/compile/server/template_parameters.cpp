// mcp: the handler of a resource template takes one parameter for each variable of the template, in
// order, and optionally mcp::context&
//
// mistake: a resource template with fewer parameters than variables
#include <mcp/server/server.hpp>

#include <string>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"note://{user}/{id}">("A note", [](std::string user, int) { return user; });
#else
    server.resource<"note://{user}/{id}">("A note", [](std::string user) { return user; });
#endif
}
