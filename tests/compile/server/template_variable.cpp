// mcp: a variable of a URI template is a string, bool, number, enum, mcp::raw_value, or
// std::optional of one
//
// mistake: a variable of a template that is no text or number
#include <mcp/server/server.hpp>

#include <string>
#include <vector>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"note://{id}">("A note", [](int id) { return std::to_string(id); });
#else
    server.resource<"note://{id}">("A note", [](std::vector<int>) { return "x"; });
#endif
}
