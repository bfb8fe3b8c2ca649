// mistake: `server.notify` without `co_await`
//
// compiler: mcp: this does nothing until it is awaited; write co_await before it | declared with
// 'nodiscard' attribute
//
// and no other error
//
// instead: `co_await` before the call
#include <mcp/server/server.hpp>

#include <string>

asio::awaitable<void> tell(mcp::server<>& server, std::string session) {
#ifdef ACCEPT
    (void)co_await server.notify(session, "{}");
#else
    server.notify(session, "{}");
    co_return;
#endif
}
