// mcp: a completion takes what was typed, as std::string, or the whole mcp::completion_params; and
// mcp::context& if it wants
#include <mcp/server/server.hpp>

#include <string>
#include <vector>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.complete<"review", "code">([](const std::string& typed) { return std::vector{typed}; });
#else
    server.complete<"review", "code">(
        [](mcp::arg<"typed", std::string> typed) { return std::vector{*typed}; });
#endif
}
