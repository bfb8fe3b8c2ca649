#include <mcp/server/registration_options.hpp>

#include <mcp/protocol/resources.hpp>
#include <mcp/protocol/tools.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace registration_options_test {

TEST(registration_options, change_the_definition) {
    mcp::json_object meta;
    meta["com.example/x"] = 1;
    const auto made = mcp::detail::define(
        mcp::tool_definition("read", "Read", ""), mcp::named("given"), mcp::title("Title"),
        mcp::icon("https://x/1.png"), mcp::icon("https://x/2.png"), mcp::read_only, mcp::idempotent,
        std::move(meta), mcp::scopes("a"));
    EXPECT_EQ(made.name, "given");
    EXPECT_EQ(made.title, "Title");
    EXPECT_EQ(made.icons.size(), 2u);
    EXPECT_TRUE(made.hints.read_only && made.hints.idempotent);
    EXPECT_TRUE(made.meta.contains("com.example/x"));

    const auto file = mcp::detail::define(mcp::resource_definition("file://x", "x"),
                                          mcp::mime_type("text/markdown"));
    EXPECT_EQ(file.mime_type, "text/markdown");
}

TEST(registration_options, combine_permissions) {
    const auto all =
        mcp::detail::rules_of(mcp::named("x"), mcp::scopes("a"), mcp::scopes("b", "c"));
    EXPECT_EQ(all.permission.scopes, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(mcp::detail::rules_of(mcp::named("x")).permission.empty());
}

} // namespace registration_options_test
