// mcp: a handler returns asio::awaitable<T>, without an executor
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
