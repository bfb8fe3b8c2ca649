// mcp: an observer has begin(const mcp::call_info&), which returns a state, and end(state&, const
// mcp::call_info&, const mcp::call_end&)
//
// mistake: an observer that is awaited
//
// and no other error
#include <mcp/server/server.hpp>

struct logger {
#ifdef ACCEPT
    void log(const mcp::log_line&) {}
#else
    asio::awaitable<void> log(mcp::log_line) { co_return; }
#endif
};

void use() {
    mcp::server server{"test", "1", logger{}};
}
