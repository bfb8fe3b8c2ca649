// mcp: a handler returns its value, or asio::awaitable of it; wrap a function that waits for a
// std::future or the like in mcp::blocking and return the value
//
// mistake: a handler that returns `std::future`
#include <future>

#include <mcp/server/server.hpp>

std::future<int> query();

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"query">("Query", mcp::blocking([] { return query().get(); }));
#else
    server.tool<"query">("Query", [] { return query(); });
#endif
}
