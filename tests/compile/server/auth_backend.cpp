// mcp: an auth_backend has authenticate(const mcp::http::request&), which returns mcp::auth_result
// or an asio::awaitable of it
//
// and no other error
#include <mcp/server/server.hpp>

#include <optional>

struct backend {
#ifdef ACCEPT
    asio::awaitable<mcp::auth_result> authenticate(const mcp::http::request&);
#else
    asio::awaitable<std::optional<mcp::principal>> authenticate(const mcp::http::request&);
#endif
};

void use() {
    mcp::server server{"test", "1", backend{}};
}
