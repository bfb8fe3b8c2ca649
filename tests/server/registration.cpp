#include <mcp/server/registration.hpp>

#include <mcp/server/server.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace registration_test {

class heard final : public mcp::subscriber {
public:
    bool deliver(std::string_view topic, const std::string& message) override {
        all.append(topic).append("=").append(message).append(";");
        return true;
    }
    std::string all;
};

TEST(registration, the_same_name_replaces_and_keeps_its_place) {
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

TEST(registration, resources_may_be_named_at_run_time) {
    mcp::server server("test", "1");
    server.resource(mcp::resource_definition("run://time", "r"), [] { return "x"; });
    test::peer client(server);
    EXPECT_EQ(client.ask("resources/read", R"({"uri":"run://time"})")->result("/contents/0/text"),
              R"("x")");
    EXPECT_TRUE(server.remove_resource("run://time"));
}

TEST(registration, who_is_subscribed_is_told) {
    mcp::server server("test", "1");
    const auto who = std::make_shared<heard>();
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
    };
    asio::co_spawn(loop, tell(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    EXPECT_NE(who->all.find("session:s="), std::string::npos);
}

} // namespace registration_test
