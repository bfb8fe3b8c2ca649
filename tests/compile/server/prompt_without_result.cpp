// mcp: a prompt returns text, mcp::content, mcp::prompt_message, a vector of them, or
// mcp::prompt_result
//
// mistake: a prompt that returns nothing
#include <mcp/server/server.hpp>

#ifdef ACCEPT
std::string review(std::string what);
#else
void review(std::string what);
#endif

void use(mcp::server<>& server) {
    server.prompt<review, "what">("Review");
}
