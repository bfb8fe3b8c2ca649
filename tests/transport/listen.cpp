#include <mcp/transport/listen.hpp>

#include <mcp/broker/memory_broker.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/server.hpp>
#include <mcp/server/topics.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>
#include <vector>

namespace listen_test {

using wire::at;

constexpr std::string_view subscription = "/params/_meta/io.modelcontextprotocol~1subscriptionId";

mcp::detail::any_broker make_broker() {
    const auto none = [] { return asio::any_io_executor(); };
    return {std::make_shared<mcp::memory_broker>(), none, none};
}

/// A listener whose messages are kept.
struct ear {
    ear(const mcp::detail::any_broker& where, mcp::jsonrpc::id id, mcp::subscription_filter filter)
        : topics(where)
        , who(std::make_shared<mcp::listener>(std::move(id), std::move(filter),
                                              [this](std::string message) {
                                                  heard.push_back(std::move(message));
                                                  return takes;
                                              })) {
        who->begin(topics);
    }
    ~ear() { who->end(topics); }

    const mcp::detail::any_broker& topics;
    std::vector<std::string> heard;
    bool takes = true;
    std::shared_ptr<mcp::listener> who;
};

mcp::subscription_filter everything() {
    mcp::subscription_filter filter;
    filter.tools_list_changed = filter.prompts_list_changed = filter.resources_list_changed = true;
    filter.resource_subscriptions = {"a://1", "a://2", "a://1"};
    return filter;
}

std::size_t publish_all(const mcp::detail::any_broker& topics) {
    std::size_t taken = 0;
    for (const char* topic :
         {"tools/list_changed", "prompts/list_changed", "resources/list_changed", "resource:a://1",
          "resource:a://3", "session:x"})
        taken += topics.publish(topic, "{}").take();
    return taken;
}

TEST(listen, the_acknowledgement_is_first_and_every_message_says_whose_it_is) {
    const mcp::detail::any_broker topics = make_broker();
    ear e(topics, mcp::jsonrpc::id(std::string_view("7")), everything());
    ASSERT_EQ(e.heard.size(), 1u);
    EXPECT_EQ(at(e.heard[0], "/method"), R"("notifications/subscriptions/acknowledged")");
    EXPECT_EQ(publish_all(topics), 4u);
    ASSERT_EQ(e.heard.size(), 5u);
    for (const std::string& each : e.heard)
        EXPECT_EQ(at(each, subscription), R"("7")");
    EXPECT_EQ(at(e.heard[1], "/method"), R"("notifications/tools/list_changed")");
    EXPECT_EQ(at(e.heard[2], "/method"), R"("notifications/prompts/list_changed")");
    EXPECT_EQ(at(e.heard[3], "/method"), R"("notifications/resources/list_changed")");
    EXPECT_EQ(at(e.heard[4], "/params/uri"), R"("a://1")");
}

TEST(listen, a_resource_is_told_in_the_spelling_that_was_asked_for) {
    const mcp::detail::any_broker topics = make_broker();
    mcp::subscription_filter filter;
    filter.resource_subscriptions = {"A://Caf\xc3\xa9", "a://caf%c3%a9", "a://other"};
    {
        ear e(topics, mcp::jsonrpc::id(7), filter);
        EXPECT_EQ(topics.publish(mcp::detail::resource_topic("a://CAF%C3%A9"), "{}").take(), 1u);
        ASSERT_EQ(e.heard.size(), 3u);
        EXPECT_EQ(at(e.heard[1], "/params/uri"), "\"A://Caf\xc3\xa9\"");
        EXPECT_EQ(at(e.heard[2], "/params/uri"), R"("a://caf%c3%a9")");
    }
    EXPECT_EQ(topics.publish(mcp::detail::resource_topic("a://caf%C3%A9"), "{}").take(), 0u);
}

TEST(listen, only_what_was_asked) {
    const mcp::detail::any_broker topics = make_broker();
    mcp::subscription_filter prompts;
    prompts.prompts_list_changed = true;
    ear some(topics, mcp::jsonrpc::id(7), prompts);
    ear none(topics, mcp::jsonrpc::id(8), {});
    EXPECT_EQ(publish_all(topics), 1u);
    EXPECT_EQ(some.heard.size(), 2u);
    EXPECT_EQ(none.heard.size(), 1u);
    EXPECT_EQ(at(some.heard[1], subscription), "7");
}

TEST(listen, nothing_after_the_end) {
    const mcp::detail::any_broker topics = make_broker();
    {
        ear e(topics, mcp::jsonrpc::id(1), everything());
        e.takes = false;
        EXPECT_EQ(publish_all(topics), 0u) << "a writer that takes nothing is not counted";
    }
    EXPECT_EQ(publish_all(topics), 0u);
}

TEST(listen, goodbye) {
    const mcp::detail::any_broker topics = make_broker();
    ear e(topics, mcp::jsonrpc::id(1), {});
    const std::string bye = e.who->goodbye(R"({"name":"s","version":"1"})");
    EXPECT_EQ(at(bye, "/id"), "1");
    EXPECT_EQ(at(bye, "/result/resultType"), R"("complete")");
    EXPECT_EQ(at(bye, "/result/_meta/io.modelcontextprotocol~1subscriptionId"), "1");
}

TEST(listen, what_this_server_does_not_send_is_not_promised) {
    mcp::server server{"s", "1"};
    mcp::subscription_filter filter = everything();
    filter.task_ids = {"t"};
    EXPECT_EQ(mcp::honoured(server, filter), everything());
    server.resource<"a://{n}">("", [](int) { return std::string(); });
    EXPECT_EQ(mcp::honoured(server, filter), everything()) << "a template that anybody may read";
    server.resource<"a://1">("", [] { return std::string(); }, mcp::scopes("read"));
    EXPECT_EQ(mcp::honoured(server, filter).resource_subscriptions,
              std::vector<std::string>{"a://2"});
    EXPECT_TRUE(mcp::honoured(server, filter).tools_list_changed);
}

TEST(listen, a_stream_ends_by_itself_when_it_is_drained_or_too_slow) {
    mcp::server server{"s", "1"};
    const auto body = mcp::parse_json(
        wire::call("subscriptions/listen", R"("notifications":{"toolsListChanged":true})", "3"));
    const auto message = mcp::jsonrpc::read_message(*body);
    const auto read_all = [](mcp::http::body_stream& stream) {
        asio::io_context loop;
        wire::answer a;
        auto read = [&]() -> asio::awaitable<void> {
            bool more = true;
            while (more)
                more = co_await stream.read(a.body);
        };
        bool ended = false;
        asio::co_spawn(loop, read(), [&](std::exception_ptr) { ended = true; });
        loop.poll();
        EXPECT_TRUE(ended);
        return a.events();
    };

    const auto open = [&] {
        auto stream = std::make_unique<mcp::listen_stream>(
            server, message->id, *mcp::read_listen_params(message->params));
        asio::io_context loop;
        asio::co_spawn(loop, stream->begin(), asio::detached);
        loop.run();
        return stream;
    };
    const auto drained = open();
    server.notify_list_changed(mcp::list_kind::tools);
    drained->drain();
    server.notify_list_changed(mcp::list_kind::tools);
    const auto events = read_all(*drained);
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(at(events[2], "/id"), "3");

    const auto slow = open();
    for (int i = 0; i < 5000; ++i)
        server.notify_list_changed(mcp::list_kind::tools);
    EXPECT_EQ(read_all(*slow).size(), 0u);
}

} // namespace listen_test
