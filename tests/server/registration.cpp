#include <mcp/server/registration.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <memory>
#include <string>
#include <string_view>

namespace {

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
    EXPECT_EQ(server.notify_resource_updated("r://1"), 0U);
    server.environment().topics.subscribe("resource:r://1", who);
    server.environment().topics.subscribe("session:s", who);
    EXPECT_EQ(server.notify_resource_updated("r://1"), 1U);
    EXPECT_NE(who->all.find("notifications/resources/updated"), std::string::npos);
    EXPECT_TRUE(server.notify("s", "{}"));
    EXPECT_FALSE(server.notify("t", "{}"));
    EXPECT_NE(who->all.find("session:s={};"), std::string::npos);
}

} // namespace
