// mcp: this type does not own its text; take std::string
//
// mistake: `std::string_view` as a member of a parameter
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

struct kept {
    std::string text;
};
struct borrowed {
    std::string_view text;
};

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", [](const kept&) { return 1; });
#else
    server.tool<"t">("T", [](const borrowed&) { return 1; });
#endif
}
