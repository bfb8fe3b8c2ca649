// mcp: an argument of a prompt is a string, bool, number, enum, or std::optional of one
//
// mistake: an argument of a prompt that is no text or number
#include <mcp/server/server.hpp>

#include <string>
#include <vector>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.prompt<"review">("Review", [](mcp::arg<"code", std::string> code) { return *code; });
#else
    server.prompt<"review">(
        "Review", [](mcp::arg<"code", std::vector<std::string>> code) { return code->front(); });
#endif
}
