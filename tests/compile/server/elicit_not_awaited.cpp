// mistake: an answer that is used before it is awaited
//
// compiler: base operand of '->' has non-pointer type | member reference type 'awaitable | does not
// have a member named | no member named 'name'
//
// lines: 15
//
// because: clang reports the arrow and the name behind it
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
#else
    auto who = ctx.elicit<person>("Who are you?");
#endif
    co_return who->name;
}
