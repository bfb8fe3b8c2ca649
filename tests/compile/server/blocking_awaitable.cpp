// mcp: mcp::blocking is for plain functions; a handler that returns asio::awaitable is awaited as
// it is
//
// mistake: an awaitable function in `mcp::blocking`
#include <mcp/server/server.hpp>

asio::awaitable<int> query();

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"query">("Query", [] { return query(); });
#else
    server.tool<"query">("Query", mcp::blocking([] { return query(); }));
#endif
}
