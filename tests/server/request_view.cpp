#include <mcp/server/request_view.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/catalog.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <type_traits>

namespace request_view_test {

using view = mcp::shared_view<const int>;

TEST(request_view, a_view_of_a_pointer_does_not_count) {
    const auto kept = std::make_shared<const int>(7);
    const view of = kept;
    EXPECT_EQ(kept.use_count(), 1);
    EXPECT_TRUE(of);
    EXPECT_EQ(of.get(), kept.get());
    EXPECT_EQ(of.share(), kept);
    EXPECT_FALSE(view());
    EXPECT_EQ(view().share(), nullptr);
    const std::shared_ptr<const int> none;
    EXPECT_FALSE(view(none));
    EXPECT_FALSE((std::is_constructible_v<view, std::shared_ptr<const int>>)) << "it would dangle";
}

TEST(request_view, refers_to_the_message) {
    const mcp::json params(mcp::json_object{{"name", "add"}});
    mcp::jsonrpc::message message;
    message.id = mcp::jsonrpc::id(7);
    message.method = "tools/call";
    message.params = params;
    const mcp::catalog_snapshot offers(mcp::catalog(), {});
    const mcp::request_view made(message, mcp::revision::v2025_06_18, offers);
    EXPECT_EQ(&made.id, &message.id);
    EXPECT_EQ(made.method, "tools/call");
    EXPECT_EQ(made.params.find("name").get_string(), "add");
    EXPECT_EQ(made.revision, mcp::revision::v2025_06_18);
    EXPECT_EQ(made.offers, &offers);
    EXPECT_EQ(made.sink, nullptr);
    EXPECT_FALSE(made.session);
    EXPECT_FALSE(made.principal);
}

} // namespace request_view_test
