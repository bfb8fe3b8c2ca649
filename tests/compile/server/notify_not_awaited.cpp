// mistake: the result of `server.notify` before it is awaited
//
// compiler: could not convert | not contextually convertible to 'bool'
//
// and no other error
//
// instead: `co_await` before the call
#include <mcp/server/server.hpp>

#include <string>

asio::awaitable<int> tell(mcp::server<>& server, std::string session) {
#ifdef ACCEPT
    const bool taken = co_await server.notify(session, "{}");
    if (taken)
        co_return 1;
#else
    if (server.notify(session, "{}"))
        co_return 1;
#endif
    co_return 0;
}
