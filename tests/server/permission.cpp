#include <mcp/server/permission.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

class permissions : public ::testing::Test {
protected:
    permissions() {
        server.tool<"open">("", [] { return 1; });
        server.tool<"scoped">("", [] { return 1; }, mcp::scopes("a", "b"));
        server.tool<"judged">(
            "", [] { return 1; },
            mcp::allow_if([](const mcp::principal& who, const mcp::json_object& params) {
                return who.subject == "ann" && params.contains("arguments");
            }));
        server.tool<"awaited">(
            "", []() -> asio::awaitable<int> { co_return 1; },
            mcp::allow_if([](const mcp::principal& who, const mcp::json_object&)
                              -> asio::awaitable<bool> { co_return who.subject == "ann"; }));
    }
    std::shared_ptr<test::exchange> call(std::string_view tool, std::string subject,
                                         std::vector<std::string> granted = {}) {
        test::peer client(server);
        if (!subject.empty()) {
            mcp::principal who;
            who.subject = std::move(subject);
            who.scopes = std::move(granted);
            client.who = std::make_shared<const mcp::principal>(std::move(who));
        }
        return client.tool(tool);
    }
    mcp::server<> server{"test", "1"};
};

TEST_F(permissions, scopes_and_predicates_decide) {
    EXPECT_EQ(call("open", "")->words(), "1");
    EXPECT_EQ(call("scoped", "ann", {"a", "b", "c"})->words(), "1");
    EXPECT_EQ(call("judged", "ann")->words(), "1");
    EXPECT_EQ(call("awaited", "ann")->words(), "1");
    for (const auto& refused :
         {call("scoped", "ann", {"a"}), call("scoped", "ann"), call("scoped", ""),
          call("judged", "bob"), call("judged", ""), call("awaited", "bob"), call("awaited", "")}) {
        EXPECT_EQ(refused->code(), mcp::forbidden_code) << refused->text();
        EXPECT_EQ(refused->status(), mcp::reply_status::forbidden);
    }
    EXPECT_EQ(test::at(call("scoped", "ann")->value(), "/error/data/requiredScopes"),
              R"(["a","b"])");
}

TEST_F(permissions, the_forbidden_may_be_hidden) {
    test::peer client(server);
    EXPECT_EQ(client.ask("tools/list")->value().at_pointer("/result/tools").get_array().size(), 4U);
    server.options().hide_forbidden = true;
    EXPECT_EQ(client.ask("tools/list")->value().at_pointer("/result/tools").get_array().size(), 1U);
}

} // namespace
