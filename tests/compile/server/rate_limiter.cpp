// mcp: a rate_limiter has acquire(std::string key), which returns mcp::rate_decision or an
// asio::awaitable of it
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

struct limiter {
#ifdef ACCEPT
    asio::awaitable<mcp::rate_decision> acquire(std::string key);
#else
    mcp::rate_decision acquire(std::string& key);
#endif
};

void use() {
    mcp::server server{"test", "1", limiter{}};
}
