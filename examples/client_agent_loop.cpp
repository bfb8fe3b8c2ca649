// An agent: a model is asked, runs the tools that it wants, gets their results, and so on until it
// answers. The tools are those of an MCP server. The model is a function, here a stub.

#include <mcp.hpp>
#include <mcp/client.hpp>
#include <mcp/client/in_process.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

/// The seam: takes the conversation with the tools that there are, and returns the next message.
/// A real model sends them to its provider.
using model = std::function<asio::awaitable<mcp::sampling_result>(mcp::sampling_request)>;

/// Runs a tool. The model reads each failure, and may correct itself.
asio::awaitable<mcp::tool_result> run(mcp::client& client, const mcp::tool_use& wanted) {
    try {
        co_return co_await client.call(wanted.name, wanted.input);
    } catch (const mcp::protocol_error& failure) {
        co_return mcp::tool_result::error(failure.what());
    }
}

asio::awaitable<std::string> solve(mcp::client& client, model think, std::string task) {
    mcp::sampling_request talk(std::move(task));
    talk.tools = co_await client.tools();
    for (int turn = 0; turn < 10; ++turn) {
        const mcp::sampling_result said = co_await think(talk);
        talk.messages.emplace_back(mcp::role::assistant, said.content);
        std::vector<mcp::sampling_content> results;
        for (const mcp::tool_use* wanted : said.tool_uses()) {
            mcp::tool_result result = co_await run(client, *wanted);
            results.emplace_back(mcp::tool_use_result(wanted->id, std::move(result)));
        }
        if (results.empty())
            co_return said.text();
        talk.messages.emplace_back(mcp::role::user, std::move(results));
    }
    throw std::runtime_error("the model wants tools without end");
}

/// A model that knows one thing: to ask the first tool for each city, then to tell the results.
asio::awaitable<mcp::sampling_result> stub(mcp::sampling_request talk) {
    mcp::sampling_result said;
    said.model = "stub";
    std::string answer;
    for (const mcp::sampling_content& block : talk.messages.back().content) {
        if (const auto* got = std::get_if<mcp::tool_use_result>(&block.value))
            answer += got->result.text() + '\n';
    }
    if (!answer.empty()) {
        said.content.emplace_back(std::move(answer));
        said.stop_reason = "endTurn";
        co_return said;
    }
    for (const char* city : {"Oslo", "Rome"})
        said.content.emplace_back(mcp::tool_use(city, talk.tools.front().name, {{"city", city}}));
    said.stop_reason = "toolUse";
    co_return said;
}

std::string weather(std::string city) { return "It rains in " + city + '.'; }

asio::awaitable<void> ask(mcp::any_server& server) {
    mcp::client client{{.name = "agent", .version = "1.0.0"}};
    co_await client.connect(server); // or a URL, or any other transport
    const std::string answer = co_await solve(client, stub, "Does it rain in Oslo or in Rome?");
    std::fputs(answer.c_str(), stdout);
    co_await client.close();
}

} // namespace

int main() {
    mcp::server server{"weather", "1.0.0"};
    server.tool<weather, "city">("The weather of a city now", mcp::read_only);

    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, ask(server), [&](std::exception_ptr why) { failure = why; });
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
}
