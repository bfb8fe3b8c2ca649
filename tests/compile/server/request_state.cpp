// mcp: a request_state has seal(const mcp::state_binding&, std::string payload), which returns
// std::string or an asio::awaitable of it
//
// g++ too: mcp: a request_state has open(const mcp::state_binding&, std::string_view text), which returns
// std::optional<std::string> or an asio::awaitable of it
//
// and no other error
#include <mcp/server/server.hpp>

#include <optional>
#include <string>
#include <string_view>

struct state {
#ifdef ACCEPT
    std::string seal(const mcp::state_binding&, std::string payload);
    asio::awaitable<std::optional<std::string>> open(const mcp::state_binding&,
                                                     std::string_view text);
#else
    std::string seal(std::string payload);
    asio::awaitable<std::string> open(const mcp::state_binding&, std::string_view text);
#endif
};

void use() {
    mcp::server server{"test", "1", state{}};
}
