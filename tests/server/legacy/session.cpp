#include <mcp/server/legacy/session.hpp>

#include <mcp/broker/memory_broker.hpp>
#include <mcp/json/encode.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace session_test {

using mcp::legacy::session;

class quiet final : public mcp::message_sink {
public:
    void send(std::string message) override { sent.push_back(std::move(message)); }
    void finish(std::string, mcp::reply_status) override {}
    std::vector<std::string> sent;
};

class heard final : public mcp::subscriber {
public:
    bool deliver(std::string_view topic, const std::string&) override {
        topics.emplace_back(topic);
        return true;
    }
    std::vector<std::string> topics;
};

/// Asks a question; what came of it.
struct question {
    asio::io_context loop;
    session client{"s", {}};
    quiet sink;
    std::optional<mcp::json> answer;
    std::exception_ptr failure;

    void ask(std::chrono::milliseconds timeout) {
        asio::co_spawn(loop, client.ask(mcp::input_request("k", "roots/list"), sink, timeout),
                       [this](std::exception_ptr e, mcp::json value) {
                           failure = e;
                           if (!e)
                               answer = std::move(value);
                       });
        loop.poll();
        ASSERT_EQ(sink.sent.size(), 1U);
    }
    bool reply(std::string_view text) {
        const auto value = test::parse(text);
        const bool taken = client.receive(*mcp::jsonrpc::read_message(value));
        loop.restart();
        if (taken)
            loop.run();
        return taken;
    }
    std::string why() const {
        try {
            std::rethrow_exception(failure);
        } catch (const mcp::protocol_error& e) {
            return e.what();
        }
    }
};

TEST(session, a_question_is_answered) {
    question q;
    q.ask(std::chrono::hours(1));
    EXPECT_EQ(q.sink.sent[0], R"({"jsonrpc":"2.0","id":1,"method":"roots/list"})");
    EXPECT_FALSE(q.reply(R"({"jsonrpc":"2.0","id":2,"result":{}})")) << "nobody asked that";
    EXPECT_FALSE(q.reply(R"({"jsonrpc":"2.0","id":"1","result":{}})")) << "another type of id";
}

TEST(session, the_answer_ends_the_wait) {
    question q;
    q.ask(std::chrono::hours(1));
    EXPECT_TRUE(q.reply(R"({"jsonrpc":"2.0","id":1,"result":{"x":1}})"));
    ASSERT_TRUE(q.answer);
    EXPECT_EQ(mcp::encode(*q.answer), R"({"x":1})");
    EXPECT_FALSE(q.reply(R"({"jsonrpc":"2.0","id":1,"result":{}})")) << "only once";
}

TEST(session, a_refusal_is_an_error) {
    question q;
    q.ask(std::chrono::hours(1));
    EXPECT_TRUE(q.reply(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})"));
    EXPECT_EQ(q.why(), "the client refused roots/list: no");
}

TEST(session, no_answer_in_time_is_an_error) {
    question q;
    q.ask(std::chrono::milliseconds(0));
    q.loop.restart();
    q.loop.run();
    EXPECT_EQ(q.why(), "the client did not answer roots/list in time");
}

TEST(session, may_outlive_the_loop_of_who_asks) {
    session client("s", {});
    quiet sink;
    {
        asio::io_context loop;
        asio::co_spawn(
            loop, client.ask(mcp::input_request("k", "roots/list"), sink, std::chrono::hours(1)),
            [](std::exception_ptr, const mcp::json&) {});
        loop.poll();
        ASSERT_EQ(sink.sent.size(), 1U);
    }
    const auto late = test::parse(R"({"jsonrpc":"2.0","id":1,"result":{}})");
    client.receive(*mcp::jsonrpc::read_message(late));
    client.hang_up();
}

TEST(session, listens_and_leaves) {
    const auto broker = std::make_shared<mcp::memory_broker>();
    const mcp::detail::any_broker topics(broker, mcp::detail::pool_source(),
                                         mcp::detail::pool_source());
    session client("s", {});
    const auto stream = std::make_shared<heard>();
    client.listen(topics, stream);
    client.subscribe(topics, "r://1");
    client.subscribe(topics, "r://1");
    EXPECT_EQ(client.subscriptions(), std::vector<std::string>{"r://1"});
    EXPECT_EQ(broker->publish("resource:r://1", "m"), 1U);
    EXPECT_EQ(broker->publish("tools/list_changed", "m"), 1U);
    EXPECT_EQ(broker->publish("resource:r://2", "m"), 0U);
    client.unsubscribe(topics, "r://1");
    EXPECT_EQ(broker->publish("resource:r://1", "m"), 0U);
    client.subscribe(topics, "r://2");
    client.leave(topics);
    client.leave(topics);
    for (const std::string_view topic : {"resource:r://2", "tools/list_changed"})
        EXPECT_EQ(broker->publish(topic, "m"), 0U) << topic;
    EXPECT_EQ(stream.use_count(), 1);
}

TEST(session, takes_its_level_from_the_newest_record) {
    session client("s", {});
    client.refresh(mcp::log_level::error, 2);
    client.refresh(mcp::log_level::debug, 1); // was read before, and comes late
    EXPECT_EQ(client.threshold(), mcp::log_level::error);
    client.refresh(mcp::log_level::alert, 2);
    EXPECT_EQ(client.threshold(), mcp::log_level::alert);
    client.refresh(mcp::log_level::debug, 0); // of a store that keeps no versions
    EXPECT_EQ(client.threshold(), mcp::log_level::debug);
}

TEST(session, subscriptions_are_bounded) {
    const mcp::detail::any_broker topics(std::make_shared<mcp::memory_broker>(),
                                         mcp::detail::pool_source(), mcp::detail::pool_source());
    const mcp::subscription_limits most{.count = 3, .uri_bytes = 5, .bytes = 10};
    session client("s", {});
    EXPECT_TRUE(client.subscribe(topics, "r://12", most)) << "six bytes";
    EXPECT_FALSE(client.subscribe(topics, "r://1", most));
    EXPECT_FALSE(client.subscribe(topics, "r://1", most)) << "is there already";
    EXPECT_FALSE(client.subscribe(topics, "r://2", most));
    EXPECT_TRUE(client.subscribe(topics, "r", most)) << "eleven bytes together";
    client.unsubscribe(topics, "r://1");
    EXPECT_FALSE(client.subscribe(topics, "a", most));
    EXPECT_FALSE(client.subscribe(topics, "b", most));
    EXPECT_TRUE(client.subscribe(topics, "c", most)) << "four of them";
    EXPECT_EQ(client.subscriptions().size(), 3U);
}

} // namespace session_test
