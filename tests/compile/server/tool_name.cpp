// mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -
//
// mistake: a name of a tool with a space
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"add-two">("Add", [] { return 1; });
#else
    server.tool<"add two">("Add", [] { return 1; });
#endif
}
