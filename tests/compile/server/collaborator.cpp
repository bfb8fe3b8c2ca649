// mcp: a collaborator of mcp::server must fit one of its concepts
#include <mcp/server/server.hpp>

#include <optional>
#include <string>
#include <string_view>

struct state {
    std::string seal(const mcp::state_binding&, std::string payload);
#ifdef ACCEPT
    std::optional<std::string> open(const mcp::state_binding&, std::string_view text);
#endif
};

void use() {
    mcp::server server{"test", "1", state{}};
}
