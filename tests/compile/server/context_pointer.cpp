// mcp: take the context by reference, as mcp::context&
//
// mistake: the context by pointer
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", [](mcp::context&) { return 1; });
#else
    server.tool<"t">("T", [](mcp::context*) { return 1; });
#endif
}
