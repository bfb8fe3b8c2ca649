#include <mcp/server/call.hpp>

#include <mcp/server/server.hpp>
#include <mcp/state/parked_state.hpp>

#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace call_test {

using namespace std::chrono_literals;
using test::peer;

struct person {
    std::string name;
};

class rounds : public ::testing::Test {
protected:
    rounds() {
        server.tool<"book">("",
                            [](mcp::arg<"seats", int> seats, mcp::arg<"class", std::string> level,
                               mcp::context& ctx) -> asio::awaitable<std::string> {
                                auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
                                co_return who->name + std::to_string(*seats) + *level;
                            });
        server.prompt<"ask">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
            co_return "Hello " + who->name;
        });
        server.resource<"ask://me">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
            auto who = co_await ctx.elicit<person>("Who?", mcp::key("who"));
            co_return "me: " + who->name;
        });
    }

    static constexpr std::string_view arguments = R"({"seats":2,"class":"x"})";
    static std::string retry(const std::string& state) {
        return R"(,"inputResponses":{"who":{"action":"accept","content":{"name":"Ann"}}},)"
               R"("requestState":)" +
               state;
    }

    mcp::parked_state_options parking;
    mcp::server<> server{"test", "1"};
    peer client{server};
};

TEST_F(rounds, a_state_opens_once_and_for_its_request) {
    const std::string state = client.tool("book", arguments)->result("/requestState");
    ASSERT_NE(state, "");
    const auto refused = [&](const std::shared_ptr<test::exchange>& got) {
        EXPECT_EQ(got->code(), -32602) << got->text();
        EXPECT_NE(got->error().find("params.requestState"), std::string::npos) << got->text();
    };
    refused(client.tool("book", R"({"seats":3,"class":"x"})", retry(state)));
    refused(client.tool("book", arguments, retry(R"("forged")")));
    refused(client.tool("book", arguments, retry(R"("")")));
    refused(client.tool("book", arguments, retry("7")));
    refused(client.tool("book", arguments, retry(R"(["x"])")));
    // Members in another order are the same request.
    EXPECT_EQ(client.tool("book", R"({"class":"x","seats":2})", retry(state))->words(), "Ann2x");
    refused(client.tool("book", arguments, retry(state)));
}

TEST_F(rounds, a_state_belongs_to_its_owner) {
    client.who = std::make_shared<const mcp::principal>([] {
        mcp::principal who;
        who.subject = "ann";
        return who;
    }());
    const std::string state = client.tool("book", arguments)->result("/requestState");
    peer thief(server);
    EXPECT_EQ(thief.tool("book", arguments, retry(state))->code(), -32602);
    EXPECT_EQ(client.tool("book", arguments, retry(state))->words(), "Ann2x");
}

TEST_F(rounds, malformed_responses_are_told_by_path) {
    const std::string state = client.tool("book", arguments)->result("/requestState");
    for (const std::string_view wrong : {"7", "[1]", R"("x")"}) {
        const auto got = client.tool("book", arguments,
                                     R"(,"inputResponses":)" + std::string(wrong) +
                                         R"(,"requestState":)" + state);
        EXPECT_EQ(got->code(), -32602) << got->text();
        EXPECT_NE(got->error().find("params.inputResponses"), std::string::npos) << got->text();
    }
    // Answers to what nobody asked are left alone; the question is put again.
    const auto again = client.tool("book", arguments, R"(,"inputResponses":{"other":{"x":1}})");
    EXPECT_EQ(again->result("/resultType"), R"("input_required")");
}

TEST_F(rounds, prompts_and_resources_ask_as_well) {
    const auto play = [&](std::string_view method, const std::string& params) {
        const auto asked = client.ask(method, "{" + params + "}");
        EXPECT_EQ(asked->result("/resultType"), R"("input_required")") << asked->text();
        return client.ask(method, "{" + params + retry(asked->result("/requestState")) + "}");
    };
    EXPECT_EQ(play("prompts/get", R"("name":"ask")")->result("/messages/0/content/text"),
              R"("Hello Ann")");
    EXPECT_EQ(play("resources/read", R"("uri":"ask://me")")->result("/contents/0/text"),
              R"("me: Ann")");
}

TEST_F(rounds, what_waits_is_destroyed) {
    auto alive = std::make_shared<int>(1);
    server.tool<"hold">("", [alive](mcp::context& ctx) -> asio::awaitable<int> {
        const auto held = alive;
        auto who = co_await ctx.elicit<person>("Who?");
        co_return *held;
    });
    const long before = alive.use_count();
    for (int i = 0; i < 10; ++i)
        client.tool("hold");
    client.call.reset();
    client.settle();
    EXPECT_EQ(alive.use_count(), before);
}

/// A handler that ignores its cancellation and asks: nobody is asked, and nothing is left.
TEST_F(rounds, who_asks_after_the_cancellation_is_destroyed) {
    auto alive = std::make_shared<int>(1);
    server.tool<"stubborn">("", [alive](mcp::context& ctx) -> asio::awaitable<int> {
        const auto held = alive;
        co_await asio::this_coro::throw_if_cancelled(false);
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_at(asio::steady_timer::time_point::max());
        std::error_code ec;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        auto who = co_await ctx.elicit<person>("Who?");
        co_return *held;
    });
    const long before = alive.use_count();
    const auto call = client.start_tool("stubborn");
    client.settle();
    client.call->cancel();
    client.run(call);
    EXPECT_EQ(call->text(), "");
    client.call.reset();
    client.settle();
    EXPECT_EQ(alive.use_count(), before);
}

class cancelling : public ::testing::TestWithParam<mcp::revision> {};

INSTANTIATE_TEST_SUITE_P(call, cancelling, ::testing::ValuesIn(test::revisions));

TEST_P(cancelling, reaches_the_handler_as_asio_cancellation) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    bool unwound = false;
    server.tool<"wait">("", [&](mcp::context&) -> asio::awaitable<void> {
        struct guard {
            bool& set;
            ~guard() { set = true; }
        } const at_end{unwound};
        asio::steady_timer timer(co_await asio::this_coro::executor);
        timer.expires_at(asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    });
    peer client(server, GetParam());
    const auto call = client.start_tool("wait");
    client.settle();
    EXPECT_FALSE(call->done());
    if (client.session) {
        EXPECT_FALSE(client.session->cancel(mcp::jsonrpc::id(99)));
        EXPECT_TRUE(client.session->cancel(mcp::jsonrpc::id(1)));
        EXPECT_NO_THROW(client.session->cancel(mcp::jsonrpc::id(1)));
    } else {
        client.call->cancel();
        client.call->cancel();
    }
    client.run(call);
    EXPECT_TRUE(unwound);
    EXPECT_EQ(call->text(), "");
    EXPECT_EQ(log.text(), "");
    if (client.session) {
        EXPECT_FALSE(client.session->cancel(mcp::jsonrpc::id(1))) << "it has ended";
    }
}

TEST_P(cancelling, of_a_question_under_way) {
    mcp::server server("test", "1");
    server.tool<"ask">("", [](mcp::context& ctx) -> asio::awaitable<int> {
        auto who = co_await ctx.roots();
        co_return 1;
    });
    peer client(server, GetParam());
    const auto call = client.start_tool("ask");
    client.settle();
    if (!client.session)
        return;
    EXPECT_EQ(call->messages().size(), 1U);
    client.session->cancel_all();
    client.run(call);
    EXPECT_EQ(call->text(), "");
}

} // namespace call_test
