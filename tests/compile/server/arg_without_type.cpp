// mcp: mcp::arg takes a type after the name, such as mcp::arg<"a", int>
//
// mistake: `mcp::arg<"a">`, without a type
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"echo">("Echo", [](mcp::arg<"a", int> a) { return *a; });
#else
    server.tool<"echo">("Echo", [](mcp::arg<"a"> a) { return *a; });
#endif
}
