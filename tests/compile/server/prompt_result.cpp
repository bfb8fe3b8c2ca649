// mcp: a prompt returns text, mcp::content, mcp::prompt_message, a vector of them, or
// mcp::prompt_result
//
// mistake: a prompt with another result
#include <mcp/server/server.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.prompt<"review">("Review", [] { return "Review this"; });
#else
    server.prompt<"review">("Review", [] { return 7; });
#endif
}
