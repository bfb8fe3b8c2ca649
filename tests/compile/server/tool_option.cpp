// mcp: this entry takes no option of that type
//
// mistake: an option of another kind of entry
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"one">("One", [] { return 1; }, mcp::read_only, mcp::title("The one"));
#else
    server.tool<"one">("One", [] { return 1; }, mcp::mime_type("text/plain"));
#endif
}
