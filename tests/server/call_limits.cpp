#include <mcp/server/call_limits.hpp>

#include <mcp/async/mailbox.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace call_limits_test {

using namespace std::chrono_literals;
using test::peer;

asio::awaitable<void> for_ever() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<std::string> hang(mcp::context&) {
    co_await for_ever();
    co_return "";
}

struct person {
    std::string name;
};

class call_limits : public ::testing::TestWithParam<mcp::revision> {
protected:
    int code() const { return mcp::is_modern(GetParam()) ? -31504 : -32001; }

    /// Expects that a call has timed out after `ms`.
    void expect_timed_out(const std::shared_ptr<test::exchange>& got, const std::string& ms) const {
        EXPECT_EQ(got->code(), code()) << got->text();
        EXPECT_EQ(got->error(),
                  "\"Request timed out: the server allows " + ms + " ms for this call\"");
        EXPECT_EQ(test::at(got->value(), "/error/data/timeout"), ms);
        EXPECT_EQ(got->status(), mcp::reply_status::ok);
    }

    mcp::server<> server{"test", "1"};
    test::kept_log log{server};
};

INSTANTIATE_TEST_SUITE_P(revisions, call_limits, ::testing::ValuesIn(test::revisions));

TEST_P(call_limits, a_timeout_cancels_the_handler) {
    server.options().call_timeout = 20ms;
    int ended = 0;
    const auto handler = [&ended](mcp::context& ctx) -> asio::awaitable<std::string> {
        struct guard {
            int& count;
            mcp::context& ctx;
            ~guard() { count += ctx.cancelled() ? 1 : 0; }
        } const at_end{ended, ctx};
        co_await for_ever();
        co_return "";
    };
    server.tool<"general">("", handler);
    server.tool<"own">("", handler, mcp::timeout{3ms});
    server.prompt<"own">("", handler, mcp::timeout{3ms});
    server.resource<"own://x">("", handler, mcp::timeout{3ms});
    server.resource<"own://{x}/y">(
        "", [](std::string, mcp::context& ctx) { return hang(ctx); }, mcp::timeout{3ms});
    peer client(server, GetParam());
    expect_timed_out(client.tool("general"), "20");
    EXPECT_TRUE(log.has("tools/call was cancelled after 20 ms; see server_options::call_timeout "
                        "and mcp::timeout"))
        << log.text();
    expect_timed_out(client.tool("own"), "3");
    expect_timed_out(client.ask("prompts/get", R"({"name":"own"})"), "3");
    expect_timed_out(client.ask("resources/read", R"({"uri":"own://x"})"), "3");
    expect_timed_out(client.ask("resources/read", R"({"uri":"own://a/y"})"), "3");
    EXPECT_EQ(ended, 4);
}

TEST_P(call_limits, a_permission_that_is_awaited_counts) {
    const auto slow = [](const mcp::principal&) -> asio::awaitable<bool> {
        co_await for_ever();
        co_return true;
    };
    server.tool<"guarded">("", [] { return 1; }, mcp::allow_if(slow), mcp::timeout{3ms});
    peer client(server, GetParam());
    client.who = std::make_shared<const mcp::principal>();
    expect_timed_out(client.tool("guarded"), "3");
}

TEST_P(call_limits, a_blocking_handler_that_does_not_look_goes_on) {
    std::promise<void> end;
    std::atomic<bool> cancelled{false};
    const auto stubborn = [&](mcp::context& ctx) {
        end.get_future().wait();
        cancelled = ctx.cancelled();
        ctx.progress(1); // must not follow the response
        return 1;
    };
    server.tool<"stubborn">("", mcp::blocking(stubborn), mcp::timeout{3ms});
    peer client(server, GetParam());
    client.meta = R"("progressToken":1)";
    const auto call = client.tool("stubborn");
    expect_timed_out(call, "3");
    end.set_value();
    server.environment().join_pool();
    client.settle();
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(call->messages().empty());
}

TEST_P(call_limits, no_timeout_no_deadline) {
    server.options().call_timeout = 1ms;
    // The time is over before the handler waits, and its wait ends at once.
    const auto late = [](mcp::context&) -> asio::awaitable<int> {
        std::this_thread::sleep_for(3ms);
        co_await asio::post(asio::use_awaitable);
        co_return 1;
    };
    server.tool<"late">("", late, mcp::timeout{0ms});
    server.tool<"at_once">("", [] {
        std::this_thread::sleep_for(3ms);
        return 1;
    });
    peer client(server, GetParam());
    EXPECT_EQ(client.tool("late")->words(), "1");
    EXPECT_EQ(client.tool("at_once")->words(), "1") << "what has begun at once ends at once";
}

using clock = std::chrono::steady_clock;

/// Reports progress three times. Each part fits a limit of 100 ms, all together do not.
asio::awaitable<int> steady(mcp::context& ctx, clock::time_point& last_progress) {
    for (int i = 1; i <= 3; ++i) {
        asio::steady_timer timer(co_await asio::this_coro::executor, 40ms);
        co_await timer.async_wait(asio::use_awaitable);
        last_progress = clock::now();
        ctx.progress(i);
    }
    co_return 1;
}

TEST(call_limits_of_progress, does_not_count_by_itself) {
    mcp::server<> other{"test", "1"};
    clock::time_point last;
    const auto handler = [&last](mcp::context& ctx) { return steady(ctx, last); };
    other.tool<"steady">("", handler, mcp::timeout{100ms});
    peer client(other);
    const auto got = client.tool("steady");
    EXPECT_EQ(got->code(), -31504) << got->text();
}

TEST(call_limits_of_progress, restarts_the_time_if_wished) {
    mcp::server<> other{"test", "1"};
    other.options().progress_restarts_timeout = true;
    clock::time_point last;
    const auto handler = [&last](mcp::context& ctx) { return steady(ctx, last); };
    other.tool<"steady">("", handler, mcp::timeout{100ms});
    peer client(other);
    bool passed = false;
    for (int i = 0; i < 100 && !passed; ++i) { // on a machine that stands still, again
        last = clock::now();
        const auto got = client.tool("steady");
        passed = got->words() == "1";
        if (!passed) {
            EXPECT_EQ(got->code(), -31504) << got->text();
            ASSERT_GE(clock::now() - last, 100ms) << "there was progress since";
        }
    }
    EXPECT_TRUE(passed);
}

TEST_P(call_limits, waiting_for_the_client_does_not_count) {
    const auto ask = [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_return who->name;
    };
    const auto ask_and_hang = [](mcp::context& ctx) -> asio::awaitable<std::string> {
        auto who = co_await ctx.elicit<person>("Who?");
        co_await for_ever();
        co_return who->name;
    };
    server.tool<"ask">("", ask, mcp::timeout{mcp::is_modern(GetParam()) ? 3'600'000ms : 60ms});
    server.tool<"ask_and_hang">("", ask_and_hang, mcp::timeout{20ms});
    peer client(server, GetParam());
    if (mcp::is_modern(GetParam())) {
        // Each round is a call of its own.
        EXPECT_EQ(client.tool("ask")->result("/resultType"), R"("input_required")");
        return;
    }
    if (GetParam() < mcp::revision::v2025_06_18)
        return; // no elicitation
    clock::duration waited{};
    client.answers = [&waited](const mcp::json&) {
        const auto start = clock::now();
        std::this_thread::sleep_for(70ms);
        waited = clock::now() - start;
        return R"({"action":"accept","content":{"name":"Ann"}})";
    };
    bool answered = false;
    for (int i = 0; i < 100 && !answered; ++i) { // on a machine that stands still, again
        const auto start = clock::now();
        waited = {};
        const auto got = client.tool("ask");
        answered = got->words() == "Ann";
        if (!answered) {
            ASSERT_GE(clock::now() - start - waited, 60ms) << got->text();
        }
    }
    EXPECT_TRUE(answered);
    expect_timed_out(client.tool("ask_and_hang"), "20"); // counted again after the answer
}

TEST_P(call_limits, results) {
    const auto text = [](mcp::arg<"n", int> n) {
        return std::string(static_cast<std::size_t>(*n), 'x');
    };
    const auto later = [](mcp::arg<"n", int> n) -> asio::awaitable<std::string> {
        co_return std::string(static_cast<std::size_t>(*n), 'x');
    };
    const auto same = [](mcp::context&, const mcp::call_info&) {};
    server.options().result_bytes = 400;
    server.tool<"general">("", text);
    server.tool<"later">("", later);
    server.tool<"around">("", text, mcp::around(same));
    server.tool<"own">("", text, mcp::result_bytes{800});
    server.tool<"free">("", later, mcp::result_bytes{SIZE_MAX});
    server.prompt<"long">("", [] { return std::string(900, 'x'); });
    server.resource<"long://x">("", [] { return std::string(900, 'x'); });
    peer client(server, GetParam());
    const struct {
        std::string_view tool;
        int n;
        std::string_view limit; ///< empty: it fits
    } rows[] = {
        {"general", 200, ""}, {"general", 390, "400 (server_options::result_bytes)"},
        {"later", 200, ""},   {"later", 390, "400 (server_options::result_bytes)"},
        {"around", 200, ""},  {"around", 390, "400 (server_options::result_bytes)"},
        {"own", 390, ""},     {"own", 790, "800 (mcp::result_bytes)"},
        {"free", 9000, ""},
    };
    for (const auto& each : rows) {
        SCOPED_TRACE(std::string(each.tool) + " " + std::to_string(each.n));
        const auto got = client.tool(each.tool, R"({"n":)" + std::to_string(each.n) + "}");
        EXPECT_EQ(got->is_error(), !each.limit.empty()) << got->text();
        if (each.limit.empty()) {
            EXPECT_EQ(got->words().size(), static_cast<std::size_t>(each.n));
        } else {
            EXPECT_NE(got->words().find(" bytes; the server allows " + std::string(each.limit)),
                      std::string::npos)
                << got->text();
        }
    }
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"long"})")->code(), -32603);
    const auto read = client.ask("resources/read", R"({"uri":"long://x"})");
    EXPECT_EQ(read->code(), -32603);
    EXPECT_NE(read->error().find("server_options::result_bytes"), std::string::npos);
}

TEST_P(call_limits, calls_at_once) {
    mcp::mailbox end;
    const auto wait = [&](mcp::context&) -> asio::awaitable<std::string> {
        std::string text;
        while (!end.try_pop(text))
            co_await end.wait();
        co_return text;
    };
    server.tool<"wait">("", wait, mcp::concurrency{1, 1}, mcp::timeout{10s});
    server.tool<"at_once">("", [] { return 1; }, mcp::concurrency{1});
    peer client(server, GetParam());
    const auto first = client.start_tool("wait");
    client.settle();
    const auto first_call = client.call;
    const auto second = client.start_tool("wait");
    client.settle();
    const auto third = client.tool("wait");
    EXPECT_EQ(third->status(), mcp::reply_status::too_many_requests);
    EXPECT_EQ(third->code(), -31429) << third->text();
    EXPECT_EQ(test::at(third->value(), "/error/data/retryAfter"), "1");
    EXPECT_EQ(third->error(), R"("At most 1 of these calls may be under way; try again later")");
    EXPECT_EQ(client.tool("at_once")->words(), "1") << "each tool has places of its own";

    end.push("one");
    client.run(first);
    EXPECT_EQ(first->words(), "one");
    end.push("two");
    client.run(second);
    EXPECT_EQ(second->words(), "two");
}

TEST_P(call_limits, a_call_that_waits_for_a_place_times_out) {
    server.tool<"hang">("", hang, mcp::concurrency{1, 9}, mcp::timeout{10ms});
    peer client(server, GetParam());
    const auto first = client.start_tool("hang");
    const auto second = client.start_tool("hang");
    client.run(first);
    client.run(second);
    expect_timed_out(first, "10");
    expect_timed_out(second, "10");
}

TEST_P(call_limits, a_handler_that_goes_on_keeps_its_place) {
    std::promise<void> end;
    const auto stubborn = [f = end.get_future().share()] {
        f.wait();
        return 1;
    };
    server.tool<"stubborn">("", mcp::blocking(stubborn), mcp::concurrency{1}, mcp::timeout{3ms});
    peer client(server, GetParam());
    EXPECT_EQ(client.tool("stubborn")->code(), code());
    EXPECT_EQ(client.tool("stubborn")->code(), -31429) << "the first still runs";
    end.set_value();
    server.environment().join_pool();
    client.settle();
    const auto last = client.tool("stubborn");
    EXPECT_NE(last->code(), -31429) << last->text();
}

TEST(call_limits_option, no_call_at_all_is_refused) {
    mcp::server server("test", "1");
    EXPECT_THROW(
        server.tool<"x">("", [] { return 1; }, mcp::concurrency{0}), std::invalid_argument);
}

} // namespace call_limits_test
