// mcp: take the context by reference, as mcp::context&
//
// mistake: the context by value
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"who">("Who", [](mcp::context& ctx) { return ctx.cancelled(); });
#else
    server.tool<"who">("Who", [](const mcp::context& ctx) { return ctx.cancelled(); });
#endif
}
