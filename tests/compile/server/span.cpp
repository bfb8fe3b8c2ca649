// mcp: this type does not own its elements; take std::vector
//
// mistake: `std::span` as a parameter
#include <span>

#include <mcp/server/server.hpp>

#include <string>
#include <vector>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T", [](mcp::arg<"a", std::vector<int>>) { return 1; });
#else
    server.tool<"t">("T", [](mcp::arg<"a", std::span<const int>>) { return 1; });
#endif
}
