// mcp: this is not a URI template of RFC 6570, level 1 to 3
#include <mcp/server/server.hpp>

#include <string>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.resource<"note://{id}">("A note", [](std::string id) { return id; });
#else
    server.resource<"note://{id">("A note", [](std::string id) { return id; });
#endif
}
