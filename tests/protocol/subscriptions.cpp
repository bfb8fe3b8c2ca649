#include <mcp/protocol/subscriptions.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <string_view>

namespace {

using mcp::list_kind;
using mcp::subscription_filter;
using mcp::jsonrpc::id;

mcp::result<subscription_filter, mcp::decode_error> read(const char* text) {
    const auto params = wire::parsed(text);
    return mcp::read_listen_params(params.if_object());
}

TEST(subscriptions, reads_the_filter) {
    const auto filter = read(R"({"notifications":{"toolsListChanged":true,
        "promptsListChanged":false,"resourceSubscriptions":["file:///a"],"taskIds":["t"],
        "later":1},"_meta":{}})");
    ASSERT_TRUE(filter);
    EXPECT_TRUE(filter->wants(list_kind::tools));
    EXPECT_FALSE(filter->wants(list_kind::prompts));
    EXPECT_FALSE(filter->wants(list_kind::resources));
    EXPECT_TRUE(filter->wants_resource("file:///a"));
    EXPECT_FALSE(filter->wants_resource("file:///A"));
    EXPECT_EQ(wire::written(*filter), R"({"toolsListChanged":true,)"
                                      R"("resourceSubscriptions":["file:///a"],"taskIds":["t"]})");
    EXPECT_EQ(read(R"({"notifications":{}})").value(), subscription_filter{});
}

TEST(subscriptions, refuses_filters) {
    for (const char* bad :
         {"{}", R"({"notifications":[1]})", R"({"notifications":{"toolsListChanged":1}})",
          R"({"notifications":{"resourceSubscriptions":"x"}})",
          R"({"notifications":{"resourceSubscriptions":[1]}})"}) {
        EXPECT_FALSE(read(bad)) << bad;
    }
    EXPECT_FALSE(mcp::read_listen_params(nullptr));
}

TEST(subscriptions, acknowledges) {
    subscription_filter honoured;
    honoured.tools_list_changed = true;
    std::string out;
    mcp::write_acknowledged(out, id{std::string_view{"listen-1"}}, honoured);
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged",)"
                   R"("params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"listen-1"},)"
                   R"("notifications":{"toolsListChanged":true}}})");
}

TEST(subscriptions, tells_of_changes_on_both_wires) {
    const auto changed = [](list_kind kind, const id& listen) {
        std::string out;
        mcp::write_list_changed(out, kind, listen);
        return out;
    };
    EXPECT_EQ(changed(list_kind::tools, {}),
              R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
    EXPECT_EQ(changed(list_kind::prompts, id{7}),
              R"({"jsonrpc":"2.0","method":"notifications/prompts/list_changed",)"
              R"("params":{"_meta":{"io.modelcontextprotocol/subscriptionId":7}}})");
    EXPECT_EQ(changed(list_kind::resources, {}),
              R"({"jsonrpc":"2.0","method":"notifications/resources/list_changed"})");

    std::string out;
    mcp::write_resource_updated(out, "x://1");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/resources/updated",)"
                   R"("params":{"uri":"x://1"}})");
    out.clear();
    mcp::write_resource_updated(out, "x://1", id{std::string_view{"7"}});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":)"
                   R"({"_meta":{"io.modelcontextprotocol/subscriptionId":"7"},"uri":"x://1"}})");
}

TEST(subscriptions, ends_gracefully) {
    std::string out;
    mcp::write_listen_end(out, id{std::string_view{"listen-1"}});
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":"listen-1","result":{"resultType":"complete",)"
                   R"("_meta":{"io.modelcontextprotocol/subscriptionId":"listen-1"}}})");
    out.clear();
    mcp::write_listen_end(out, id{1}, R"({"name":"s"})");
    EXPECT_EQ(out, R"({"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",)"
                   R"("_meta":{"io.modelcontextprotocol/subscriptionId":1,)"
                   R"("io.modelcontextprotocol/serverInfo":{"name":"s"}}}})");
}

} // namespace
