// mcp: a replay_log has append(std::string session, std::uint64_t stream, std::string message),
// which returns std::uint64_t or an asio::awaitable of it
//
// g++ too: mcp: a replay_log has after(std::string session, std::uint64_t stream, std::uint64_t sequence),
// which returns mcp::replayed or an asio::awaitable of it
//
// g++ too: mcp: a replay_log has forget(std::string session), which returns void or an asio::awaitable of
// it
//
// and no other error
#include <mcp/server/server.hpp>

#include <cstdint>
#include <string>
#include <vector>

struct journal {
#ifdef ACCEPT
    asio::awaitable<std::uint64_t> append(std::string session, std::uint64_t stream,
                                          std::string message);
    mcp::replayed after(std::string session, std::uint64_t stream, std::uint64_t sequence);
    void forget(std::string session);
#else
    asio::awaitable<void> append(std::string session, std::uint64_t stream, std::string message);
    std::vector<mcp::replay_event> after(std::string session, std::uint64_t stream,
                                         std::uint64_t sequence);
    // forget is missing
#endif
};

void use() {
    mcp::server server{"test", "1", journal{}};
}
