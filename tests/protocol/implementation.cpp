#include <mcp/protocol/implementation.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"

namespace {

mcp::implementation full() {
    mcp::implementation it{"weather", "1.0"};
    it.title = "Weather";
    it.description = "Knows the weather";
    it.website_url = "https://example.com";
    it.icons = {
        mcp::icon{
            "https://example.com/i.png", "image/png", {"48x48", "any"}, mcp::icon_theme::dark},
        mcp::icon{"data:,"}};
    return it;
}

TEST(implementation, minimal_is_the_same_for_all) {
    wire::expect_written(mcp::implementation{"weather", "1.0"},
                         {R"({"name":"weather","version":"1.0"})"});
}

TEST(implementation, details_come_with_the_revisions) {
    wire::expect_written(full(),
                         {R"({"name":"weather","version":"1.0"})", nullptr,
                          R"({"name":"weather","title":"Weather","version":"1.0"})",
                          R"({"name":"weather","title":"Weather","version":"1.0",)"
                          R"("description":"Knows the weather","websiteUrl":"https://example.com",)"
                          R"("icons":[{"src":"https://example.com/i.png","mimeType":"image/png",)"
                          R"("sizes":["48x48","any"],"theme":"dark"},{"src":"data:,"}]})",
                          nullptr});
}

TEST(implementation, round_trip) {
    const auto back = mcp::read_implementation(wire::parsed(wire::written(full(), mcp::latest)));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, full());
}

TEST(implementation, refuses) {
    const std::pair<const char*, const char*> table[] = {
        {"null", "clientInfo: expected object, got null"},
        {R"({"name":"a"})", "clientInfo.version is missing"},
        {R"({"name":1,"version":"1"})", "clientInfo.name: expected string, got number"},
        {R"({"name":"a","version":"1","icons":[{}]})", "clientInfo.icons[0].src is missing"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = mcp::read_implementation(wire::parsed(text), "clientInfo");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(implementation, ignores_a_theme_it_does_not_know) {
    const auto read = mcp::read_icon(wire::parsed(R"({"src":"x","theme":"sepia","new":1})"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->theme, mcp::icon_theme::any);
}

} // namespace
