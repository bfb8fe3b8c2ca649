#include <mcp/server/operation.hpp>

#include <mcp/server/server.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace operation_test {

using test::peer;

/// That the loop is not stalled is measured by what would otherwise never end: the handler waits
/// for something that only another request on the same loop can bring.
class loop_goes_on : public ::testing::TestWithParam<mcp::revision> {
protected:
    mcp::server<> server{"test", "1"};
};

INSTANTIATE_TEST_SUITE_P(operation, loop_goes_on,
                         ::testing::Values(mcp::revision::v2025_11_25, mcp::revision::v2026_07_28));

TEST_P(loop_goes_on, while_a_blocking_handler_waits) {
    std::promise<int> gate;
    const auto opened = gate.get_future().share();
    const auto loop_thread = std::this_thread::get_id();
    server.tool<"wait">(
        "", mcp::blocking([&](mcp::context& ctx) {
            EXPECT_NE(std::this_thread::get_id(), loop_thread);
            ctx.progress(1);
            return opened.get(); // the watchdog of the peer turns a hang into failure
        }));
    server.tool<"open">("", [&] {
        EXPECT_EQ(std::this_thread::get_id(), loop_thread);
        gate.set_value(7);
        return "opened";
    });
    peer client(server, GetParam());
    client.meta = R"("progressToken":1)";
    const auto waiting = client.start_tool("wait");
    EXPECT_FALSE(waiting->done());
    EXPECT_EQ(client.tool("open")->words(), "opened");
    client.run(waiting);
    EXPECT_EQ(waiting->words(), "7");
    EXPECT_EQ(waiting->messages().size(), 1U);
}

TEST_P(loop_goes_on, while_an_awaitable_handler_waits) {
    peer client(server, GetParam());
    asio::steady_timer timer(client.loop);
    timer.expires_at(asio::steady_timer::time_point::max());
    server.tool<"wait">("", [&]() -> asio::awaitable<std::string> {
        std::error_code ec;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        co_return "went on";
    });
    server.tool<"open">("", [&]() -> asio::awaitable<std::size_t> { co_return timer.cancel(); });
    const auto waiting = client.start_tool("wait");
    client.settle();
    EXPECT_FALSE(waiting->done());
    EXPECT_EQ(client.tool("open")->words(), "1");
    client.run(waiting);
    EXPECT_EQ(waiting->words(), "went on");
}

/// As many blocking handlers as the pool has threads wait for each other.
TEST_P(loop_goes_on, blocking_handlers_run_side_by_side) {
    constexpr int count = 3;
    server.options().blocking_threads = count;
    std::atomic<int> arrived{0};
    server.tool<"meet">("", mcp::blocking([&] {
                            ++arrived;
                            while (arrived < count)
                                std::this_thread::yield();
                            return arrived.load();
                        }));
    peer client(server, GetParam());
    std::vector<std::shared_ptr<test::exchange>> calls;
    for (int i = 0; i < count; ++i)
        calls.push_back(client.start_tool("meet"));
    for (const auto& call : calls) {
        client.run(call);
        EXPECT_EQ(call->words(), "3");
    }
}

TEST_P(loop_goes_on, calls_that_wait_for_the_pool_are_counted) {
    server.options().blocking_threads = 1;
    std::promise<void> entered;
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    server.tool<"first">("", mcp::blocking([&] {
                             entered.set_value();
                             opened.wait();
                         }));
    server.tool<"next">("", mcp::blocking([] { return 1; }));
    peer client(server, GetParam());
    const auto first = client.start_tool("first");
    client.settle();
    entered.get_future().wait();
    const auto next = client.start_tool("next");
    client.settle();
    EXPECT_EQ(server.environment().waiting_for_pool.value(), 1U);
    gate.set_value();
    client.run(first);
    client.run(next);
    EXPECT_EQ(server.environment().waiting_for_pool.value(), 0U);
}

/// A type that says itself that it blocks.
struct slow_query {
    static constexpr bool blocking = true;
    std::thread::id loop;
    std::string operator()(mcp::arg<"q", std::string> q) const {
        EXPECT_NE(std::this_thread::get_id(), loop);
        return "rows of " + *q;
    }
};

TEST_P(loop_goes_on, blocking_is_said_by_the_type) {
    server.tool<"query">("", slow_query{std::this_thread::get_id()});
    server.prompt<"slow">(
        "", mcp::blocking([](mcp::arg<"n", int> n) { return "slow " + std::to_string(*n); }));
    server.resource<"slow://{n}">("", mcp::blocking([](int n) { return std::to_string(n); }));
    server.complete<"slow", "n">(
        mcp::blocking([](std::string typed) { return std::vector<std::string>{typed + "!"}; }));
    peer client(server, GetParam());
    EXPECT_EQ(client.tool("query", R"({"q":"t"})")->words(), "rows of t");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"slow","arguments":{"n":"4"}})")
                  ->result("/messages/0/content/text"),
              R"("slow 4")");
    EXPECT_EQ(client.ask("resources/read", R"({"uri":"slow://5"})")->result("/contents/0/text"),
              R"("5")");
    EXPECT_EQ(client
                  .ask("completion/complete", R"({"ref":{"type":"ref/prompt","name":"slow"},
                      "argument":{"name":"n","value":"a"}})")
                  ->result("/completion/values"),
              R"(["a!"])");
}

TEST_P(loop_goes_on, a_cancelled_blocking_handler_ends_in_its_own_time) {
    std::promise<void> entered;
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    std::atomic<bool> saw{false};
    server.tool<"wait">("", mcp::blocking([&](mcp::context& ctx) {
                            entered.set_value();
                            opened.wait();
                            saw = ctx.cancelled();
                            ctx.progress(1);
                        }));
    peer client(server, GetParam());
    client.meta = R"("progressToken":1)";
    const auto call = client.start_tool("wait");
    client.settle();
    entered.get_future().wait();
    client.call->cancel();
    client.run(call);
    EXPECT_EQ(call->text(), "");
    EXPECT_FALSE(saw);
    gate.set_value();
    server.environment().join_pool();
    client.settle();
    EXPECT_TRUE(saw);
}

TEST_P(loop_goes_on, what_is_cancelled_before_it_begins_is_not_run) {
    std::atomic<bool> ran{false};
    server.tool<"work">("", mcp::blocking([&] { ran = true; }));
    peer client(server, GetParam());
    const auto call = client.start_tool("work");
    client.call->cancel();
    client.run(call);
    EXPECT_EQ(call->text(), "");
    server.environment().join_pool();
    EXPECT_FALSE(ran);
}

} // namespace operation_test
