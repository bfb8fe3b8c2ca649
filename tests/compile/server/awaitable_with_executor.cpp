// mcp: a handler returns asio::awaitable<T>, without an executor
//
// mistake: an awaitable with an executor of its own
#include <mcp/server/server.hpp>

#include <asio/io_context.hpp>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"one">("One", []() -> asio::awaitable<int> { co_return 1; });
#else
    server.tool<"one">(
        "One", []() -> asio::awaitable<int, asio::io_context::executor_type> { co_return 1; });
#endif
}
