// mcp: a completion takes the typed text as std::string, or the whole mcp::completion_params, and
// optionally mcp::context&
//
// mistake: a completion with other parameters
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
