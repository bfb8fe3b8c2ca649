// mcp: a session_store has create(mcp::session_record), which returns bool or an asio::awaitable
// of it
//
// g++ too: mcp: a session_store has find(std::string id), which returns mcp::session_ptr or an
// asio::awaitable of it
//
// g++ too: mcp: a session_store has update(mcp::session_record), which returns bool or an asio::awaitable
// of it
//
// g++ too: mcp: a session_store has erase(std::string id), which returns bool or an asio::awaitable of it
//
// and no other error
#include <mcp/server/server.hpp>

#include <optional>
#include <string>

struct store {
#ifdef ACCEPT
    bool create(const mcp::session_record&);
    asio::awaitable<mcp::session_ptr> find(std::string id);
    asio::awaitable<bool> update(mcp::session_record);
    bool erase(const std::string& id);
#else
    void create(const mcp::session_record&);
    asio::awaitable<std::optional<mcp::session_record>> find(std::string id);
    bool update(std::string id, mcp::session_record);
    // erase is missing
#endif
};

void use() {
    mcp::server server{"test", "1", store{}};
}
