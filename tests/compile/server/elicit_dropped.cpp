// mistake: a question to the client without `co_await`
//
// compiler: mcp: this does nothing until it is awaited; write co_await before it | declared with
// 'nodiscard' attribute
//
// and no other error
//
// instead: `co_await` before the call, in a handler that returns `asio::awaitable`
#include <mcp/server/server.hpp>

#include <string>

struct person {
    std::string name;
};

asio::awaitable<std::string> greet(mcp::context& ctx) {
#ifdef ACCEPT
    auto who = co_await ctx.elicit<person>("Who are you?");
    co_return who ? who->name : std::string("nobody");
#else
    ctx.elicit<person>("Who are you?");
    co_return "somebody";
#endif
}
