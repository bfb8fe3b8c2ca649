// mcp: this type does not own its text; take std::string
//
// mistake: `const char*` as a parameter
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", [](mcp::arg<"a", std::string>) { return 1; });
#else
    server.tool<"t">("T", [](mcp::arg<"a", const char*>) { return 1; });
#endif
}
