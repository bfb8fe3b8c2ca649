// compiler: no known conversion from 'const char | cannot convert 'const char | no matching
// function for call to 'mcp::elicitation<person>::elicitation(const char
//
// lines: 25
//
// because: the compilers list the constructors of the question
#include <mcp/server/server.hpp>

#include <string>
#include <tuple>

struct person {
    std::string name;
};

asio::awaitable<std::string> greet(mcp::context& ctx) {
#ifdef ACCEPT
    auto answers = co_await ctx.ask(mcp::elicitation<person>("Who are you?", mcp::key("who")));
#else
    auto answers = co_await ctx.ask(mcp::elicitation<person>("who", "Who are you?"));
#endif
    auto& [who] = answers;
    co_return who ? who->name : "nobody";
}
