// mcp: a handler that is awaited takes mcp::arg and std::string_view by value
//
// mistake: `std::string_view` by reference, in an awaitable handler
#include <mcp/server/server.hpp>

#include <string>
#include <string_view>

void use(mcp::server<>& server) {
#ifdef ACCEPT
    server.tool<"t">("T",
                     [](mcp::arg<"a", std::string_view>) -> asio::awaitable<int> { co_return 1; });
#else
    server.tool<"t">(
        "T", [](const mcp::arg<"a", std::string_view>&) -> asio::awaitable<int> { co_return 1; });
#endif
}
