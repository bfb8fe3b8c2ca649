#include <mcp/transport/memory.hpp>

#include <mcp/jsonrpc/connection.hpp>
#include <mcp/server/server.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <gmock/gmock.h>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace memory_test {

static_assert(mcp::jsonrpc::connection<mcp::memory_end>);

struct person {
    std::string name;
};

/// Runs a coroutine, and all that it started, to the end.
template <class F>
void run(asio::io_context& io, F test) {
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(test), [&](std::exception_ptr e) { failure = e; });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}

TEST(memory, a_pair_carries_messages_in_order) {
    asio::io_context io;
    mcp::memory_pair pair;
    run(io, [&]() -> asio::awaitable<void> {
        EXPECT_TRUE(pair.first.send("1"));
        EXPECT_TRUE(co_await pair.first.write("2"));
        pair.first.finish();
        EXPECT_FALSE(pair.first.send("3"));
        const std::string one = co_await pair.second.receive();
        EXPECT_EQ(one, "1");
        std::string message;
        EXPECT_TRUE(co_await pair.second.read(message));
        EXPECT_EQ(message, "2");
        EXPECT_FALSE(co_await pair.second.read(message));
        EXPECT_TRUE(pair.second.send("back"));
        const std::string back = co_await pair.first.receive();
        EXPECT_EQ(back, "back");
    });
}

TEST(memory, close_ends_a_pending_read_on_both_sides) {
    asio::io_context io;
    mcp::memory_pair pair;
    int ended = 0;
    const auto wait = [&](mcp::memory_end& end) -> asio::awaitable<void> {
        try {
            co_await end.receive();
        } catch (const std::system_error& e) {
            EXPECT_EQ(e.code(), asio::error::eof);
            ++ended;
        }
    };
    asio::co_spawn(io, wait(pair.first), asio::detached);
    asio::co_spawn(io, wait(pair.second), asio::detached);
    io.poll();
    EXPECT_EQ(ended, 0);
    pair.first.close();
    pair.first.close();
    io.run();
    EXPECT_EQ(ended, 2);
    EXPECT_FALSE(pair.second.send("x"));
}

TEST(memory, an_end_that_goes_closes) {
    asio::io_context io;
    mcp::memory_pair pair;
    {
        const mcp::memory_end gone = std::move(pair.first);
    }
    EXPECT_FALSE(pair.second.send("x"));
}

TEST(memory, a_client_in_the_process) {
    asio::io_context io;
    mcp::server server{"test", "1"};
    server.tool<"add">(
        "", [](mcp::arg<"a", int> a, mcp::arg<"b", int> b) { return std::to_string(*a + *b); });
    server.tool<"who">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        const auto answer = co_await ctx.elicit<person>("Who?");
        co_return answer ? answer->name : "nobody";
    });
    auto client = mcp::connect(server, io.get_executor());
    run(io, [&]() -> asio::awaitable<void> {
        client.send(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{)"
                    R"("protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},)"
                    R"("clientInfo":{"name":"tester","version":"1"}}})");
        std::string message = co_await client.receive();
        EXPECT_THAT(message, testing::HasSubstr(R"("protocolVersion":"2025-11-25")"));
        client.send(R"({"jsonrpc":"2.0","id":2,"method":"tools/call",)"
                    R"("params":{"name":"add","arguments":{"a":1,"b":2}}})");
        message = co_await client.receive();
        EXPECT_EQ(message,
                  R"({"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"3"}]}})");
        client.send(R"({"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"who"}})");
        message = co_await client.receive();
        EXPECT_THAT(message, testing::HasSubstr(R"("method":"elicitation/create")"));
        client.send(
            R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"name":"Ann"}}})");
        message = co_await client.receive();
        EXPECT_EQ(
            message,
            R"({"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"Ann"}]}})");
        client.close();
    });
}

TEST(memory, many_clients_on_many_threads) {
    mcp::server server{"test", "1"};
    server.tool<"slow">("", mcp::blocking([](mcp::arg<"n", int> n, mcp::context& ctx) {
                            for (int i = 1; i <= *n; ++i)
                                ctx.progress(i);
                            return std::to_string(*n);
                        }));
    asio::thread_pool pool(4);
    constexpr int calls = 20;
    const auto talk = [](mcp::memory_end client) -> asio::awaitable<int> {
        for (int i = 1; i <= calls; ++i)
            client.send(R"({"jsonrpc":"2.0","id":)" + std::to_string(i) +
                        R"(,"method":"tools/call","params":{"name":"slow","arguments":{"n":3},)"
                        R"("_meta":{"progressToken":1,)"
                        R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                        R"("io.modelcontextprotocol/clientCapabilities":{}}}})");
        client.finish();
        int messages = 0;
        std::string message;
        while (co_await client.read(message))
            ++messages;
        co_return messages;
    };
    std::vector<std::future<int>> clients;
    for (int i = 0; i < 8; ++i)
        clients.push_back(asio::co_spawn(pool, talk(mcp::connect(server, pool.get_executor())),
                                         asio::use_future));
    for (auto& each : clients)
        EXPECT_EQ(each.get(), calls * 4);
    pool.join();
}

} // namespace memory_test
