// mcp: a const value cannot be read from JSON; remove const
//
// mistake: a `const` member in a parameter
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

struct kept {
    int at = 0;
};
struct frozen {
    const int at = 0;
};

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", [](const kept&) { return 1; });
#else
    server.tool<"t">("T", [](const frozen&) { return 1; });
#endif
}
