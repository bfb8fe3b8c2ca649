// mcp: a session_store has erase(std::string id), which returns bool or an asio::awaitable of it
//
// mistake: a session store with a wrong function
//
// and no other error
#include <mcp/server/server.hpp>

#include <string>

struct store {
    bool create(const mcp::session_record&);
    mcp::session_ptr find(const std::string& id);
    bool update(const mcp::session_record&);
#ifdef ACCEPT
    bool erase(const std::string& id);
#else
    bool erase(std::string& id);
#endif
};

void use() {
    mcp::server server{"test", "1", store{}};
}
