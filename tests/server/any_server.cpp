#include <mcp/server/any_server.hpp>

#include <mcp/protocol/pagination.hpp>
#include <mcp/protocol/subscriptions.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>
#include <mcp/server/topics.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <atomic>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace any_server_test {

using mcp::revision;
using test::peer;

class every_revision : public ::testing::TestWithParam<revision> {
protected:
    bool modern() const { return mcp::is_modern(GetParam()); }
    mcp::server<> server{"test", "1"};
    peer client{server, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(any_server, every_revision, ::testing::ValuesIn(test::revisions));

TEST_P(every_revision, knows_the_methods_of_its_wire) {
    const auto known = [&](std::string_view method) {
        const auto got = client.ask(method);
        if (got->code() == -32601) {
            EXPECT_EQ(got->status(),
                      modern() ? mcp::reply_status::not_found : mcp::reply_status::ok);
        }
        return got->code() != -32601;
    };
    for (const std::string_view both :
         {"tools/list", "tools/call", "resources/list", "resources/templates/list",
          "resources/read", "prompts/list", "prompts/get", "completion/complete"})
        EXPECT_TRUE(known(both)) << both;
    for (const std::string_view legacy :
         {"ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"})
        EXPECT_EQ(known(legacy), !modern()) << legacy;
    EXPECT_EQ(known("server/discover"), modern());
    for (const std::string_view none : {"", "tools", "tools/list/", "Tools/list", "roots/list"})
        EXPECT_FALSE(known(none)) << none;
}

TEST_P(every_revision, lists_come_in_pages) {
    server.options().page_size = 2;
    for (int i = 0; i < 5; ++i)
        server.tool(mcp::tool_definition("t" + std::to_string(i), "", R"({"type":"object"})"),
                    [](const mcp::json&) { return 1; });
    std::vector<std::string> names;
    std::string cursor;
    for (int pages = 0; pages < 3; ++pages) {
        const auto page =
            client.ask("tools/list", cursor.empty() ? "{}" : R"({"cursor":)" + cursor + "}");
        for (const auto& each : page->value().at_pointer("/result/tools").get_array())
            names.emplace_back(each.at("name").get_string());
        cursor = page->result("/nextCursor");
        EXPECT_EQ(cursor.empty(), pages == 2);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"t0", "t1", "t2", "t3", "t4"}));
}

TEST_P(every_revision, a_bad_cursor_is_refused) {
    server.options().page_size = 2;
    const std::string off_page = mcp::encode(mcp::encode_cursor(1));
    const std::string beyond = mcp::encode(mcp::encode_cursor(1000));
    for (const std::string_view method :
         {"tools/list", "resources/list", "resources/templates/list", "prompts/list"})
        for (const std::string& cursor : {std::string(R"("x")"), std::string(R"("")"),
                                          std::string("7"), std::string("{}"), off_page, beyond})
            EXPECT_EQ(client.ask(method, R"({"cursor":)" + cursor + "}")->code(), -32602)
                << method << cursor;
}

TEST_P(every_revision, caching_hints_are_modern) {
    server.options().caching =
        mcp::cache_policy(std::chrono::seconds(5), mcp::cache_scope::public_);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/ttlMs"), modern() ? "5000" : "");
    EXPECT_EQ(list->result("/cacheScope"), modern() ? R"("public")" : "");
}

struct point {
    int x = 0, y = 0;
};

TEST_P(every_revision, names_may_be_known_only_at_run_time) {
    const std::string name = "first.tool";
    const std::string_view second = "second-tool";
    server.tool(name, "Of arg", [](mcp::arg<"n", int> n) { return *n + 1; }, mcp::read_only);
    server.tool(second, "Of a struct", [](point at) { return at.x + at.y; });
    server.tool("third", "Of nothing", [] { return 3; }, mcp::named("other"));
    server.prompt("talk", "Talk", [](mcp::arg<"topic", std::string> topic) { return *topic; });
    EXPECT_EQ(client.tool("first.tool", R"({"n":1})")->words(), "2");
    EXPECT_EQ(client.tool("second-tool", R"({"x":1,"y":4})")->words(), "5");
    EXPECT_EQ(client.tool("other")->words(), "3");
    EXPECT_EQ(client.ask("tools/list")->result("/tools/0/description"), R"("Of arg")");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"talk","arguments":{"topic":"x"}})")
                  ->result("/messages/0/content/text"),
              R"("x")");
}

TEST(any_server, refuses_an_invalid_name) {
    mcp::server server("test", "1");
    const auto one = [] { return 1; };
    const auto text = [] { return "x"; };
    for (const std::string& name : {std::string(), std::string("a b"), std::string(65, 'a')}) {
        EXPECT_THROW(server.tool(name, "", one), std::invalid_argument) << name;
        EXPECT_THROW(server.tool<"t">("", one, mcp::named(name)), std::invalid_argument) << name;
    }
    for (const std::string_view name : {"", "a\nb", "\x7f"})
        EXPECT_THROW(server.prompt(name, "", text), std::invalid_argument) << name;
}

class heard final : public mcp::subscriber {
public:
    bool deliver(std::string_view topic, const std::string& message) override {
        topics.emplace_back(topic);
        messages.push_back(message);
        return true;
    }
    std::vector<std::string> topics;
    std::vector<std::string> messages;
};

TEST(any_server, tells_who_listens_that_a_list_has_changed) {
    mcp::server server("test", "1");
    const auto who = std::make_shared<heard>();
    for (const auto kind :
         {mcp::list_kind::tools, mcp::list_kind::prompts, mcp::list_kind::resources})
        server.environment().topics.join(std::string(mcp::detail::list_topic(kind)), who);
    server.tool<"t">("", [] { return 1; });
    server.prompt<"p">("", [] { return "x"; });
    server.resource<"r://1">("", [] { return "x"; });
    server.resource<"r://{n}">("", [](int) { return "x"; });
    EXPECT_TRUE(server.remove_tool("t"));
    EXPECT_FALSE(server.remove_tool("t"));
    EXPECT_TRUE(server.remove_resource("r://{n}"));
    EXPECT_EQ(who->topics,
              (std::vector<std::string>{"tools/list_changed", "prompts/list_changed",
                                        "resources/list_changed", "resources/list_changed",
                                        "tools/list_changed", "resources/list_changed"}));
    EXPECT_EQ(who->messages.front(),
              R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
}

/// A tool that takes itself away while it runs goes on; new calls do not find it.
TEST(any_server, the_catalog_may_change_under_a_running_call) {
    mcp::server server("test", "1");
    server.tool<"once">("", [&] {
        EXPECT_TRUE(server.remove_tool("once"));
        server.tool<"next">("", [] { return 2; });
        return 1;
    });
    peer client(server);
    EXPECT_EQ(client.tool("once")->words(), "1");
    EXPECT_EQ(client.tool("once")->code(), -32602);
    EXPECT_EQ(client.tool("next")->words(), "2");
}

TEST(any_server, the_catalog_may_change_from_other_threads) {
    mcp::server server("test", "1");
    server.tool<"stays">("", [] { return 1; });
    std::atomic<bool> stop{false};
    std::thread other([&] {
        while (!stop) {
            server.tool<"goes">("", [] { return 2; });
            server.remove_tool("goes");
        }
    });
    peer client(server);
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(client.tool("stays")->words(), "1");
        const std::string tools = client.ask("tools/list")->result("/tools/0/name");
        EXPECT_EQ(tools, R"("stays")");
        client.tool("goes");
    }
    stop = true;
    other.join();
}

TEST(any_server, says_what_it_can_do) {
    mcp::server server(mcp::server_info{.name = "test", .version = "1", .instructions = "Be kind"});
    server.tool<"t">("", [] { return 1; });
    server.prompt<"p">("", [] { return "x"; });
    server.options().extensions = {{"com.example/x", mcp::json_object{}}};
    peer client(server);
    const auto got = client.ask("server/discover");
    EXPECT_EQ(got->result("/supportedVersions"), R"(["2026-07-28"])");
    EXPECT_EQ(got->result("/instructions"), R"("Be kind")");
    EXPECT_NE(got->result("/capabilities/tools"), "");
    EXPECT_NE(got->result("/capabilities/prompts"), "");
    EXPECT_EQ(got->result("/capabilities/completions"), "");
    EXPECT_EQ(test::at(got->value(), "/result/capabilities/extensions/com.example~1x"), "{}");
}

class told final : public mcp::subscriber {
public:
    bool deliver(std::string_view topic, const std::string& message) override {
        all.append(topic).append("=").append(message).append(";");
        return true;
    }
    std::string all;
};

TEST(any_server, the_same_name_replaces_and_keeps_its_place) {
    mcp::server server("test", "1");
    server.tool<"a">("", [] { return 1; });
    server.tool<"b">("", [] { return 2; });
    server.tool<"a">("", [] { return 3; });
    test::peer client(server);
    EXPECT_EQ(client.tool("a")->words(), "3");
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/name"), R"("a")");
    EXPECT_EQ(list->result("/tools/1/name"), R"("b")");
    EXPECT_EQ(list->result("/tools/2"), "");
    EXPECT_TRUE(server.remove_tool("b"));
    EXPECT_FALSE(server.remove_prompt("a"));
    EXPECT_FALSE(server.remove_resource("a"));
}

TEST(any_server, resources_may_be_named_at_run_time) {
    mcp::server server("test", "1");
    server.resource(mcp::resource_definition("run://time", "r"), [] { return "x"; });
    test::peer client(server);
    EXPECT_EQ(client.ask("resources/read", R"({"uri":"run://time"})")->result("/contents/0/text"),
              R"("x")");
    EXPECT_TRUE(server.remove_resource("run://time"));
}

TEST(any_server, who_is_subscribed_is_told) {
    mcp::server server("test", "1");
    const auto who = std::make_shared<told>();
    server.notify_resource_updated("r://1");
    EXPECT_EQ(who->all, "");
    server.environment().topics.join("resource:r://1", who);
    server.environment().topics.join("session:s", who);
    server.notify_resource_updated("r://1");
    EXPECT_NE(who->all.find("notifications/resources/updated"), std::string::npos);

    asio::io_context loop;
    const auto tell = [&]() -> asio::awaitable<void> {
        const bool taken = co_await server.notify("s", "{}");
        EXPECT_TRUE(taken);
        const bool lost = co_await server.notify("t", "{}");
        EXPECT_FALSE(lost);
        const mcp::json_object params{{"data", "Hello"}};
        const bool built = co_await server.notify("s", "notifications/message", params);
        EXPECT_TRUE(built);
    };
    asio::co_spawn(loop, tell(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    EXPECT_NE(who->all.find("session:s="), std::string::npos);
    EXPECT_NE(who->all.find(R"("method":"notifications/message","params":{"data":"Hello"}})"),
              std::string::npos);
}

} // namespace any_server_test
