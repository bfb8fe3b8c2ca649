// mcp: a completion returns std::vector<std::string> or mcp::completion_result
//
// mistake: a completion with another result
#include <mcp/server/server.hpp>

#include <string>
#include <vector>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.complete<"review", "code">([](std::string typed) { return std::vector{typed}; });
#else
    server.complete<"review", "code">([](std::string) { return std::vector<int>{1}; });
#endif
}
