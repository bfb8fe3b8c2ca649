#include <mcp/server/text_value.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace text_value_test {

enum class colour { red, green };

static_assert(mcp::text_value<int> && mcp::text_value<std::string> && mcp::text_value<colour>);
static_assert(!mcp::text_value<std::vector<int>> && !mcp::text_value<void*>);

TEST(text_value, reads_the_whole_text) {
    EXPECT_EQ(mcp::from_text<int>("-42"), -42);
    EXPECT_EQ(mcp::from_text<double>("1e3"), 1000.0);
    EXPECT_EQ(mcp::from_text<bool>("true"), true);
    EXPECT_EQ(mcp::from_text<bool>("false"), false);
    EXPECT_EQ(mcp::from_text<colour>("green"), colour::green);
    EXPECT_EQ(mcp::from_text<std::string>(""), "");
    EXPECT_EQ(mcp::from_text<std::uint8_t>("255"), 255);
}

TEST(text_value, or_nothing) {
    for (const std::string_view wrong : {"", " 1", "1 ", "+1", "1.5", "0x1", "99999999999", "one"})
        EXPECT_EQ(mcp::from_text<int>(wrong), std::nullopt) << wrong;
    EXPECT_EQ(mcp::from_text<std::uint8_t>("256"), std::nullopt);
    EXPECT_EQ(mcp::from_text<std::uint8_t>("-1"), std::nullopt);
    EXPECT_EQ(mcp::from_text<bool>("True"), std::nullopt);
    EXPECT_EQ(mcp::from_text<bool>("1"), std::nullopt);
    EXPECT_EQ(mcp::from_text<colour>("blue"), std::nullopt);
    EXPECT_EQ(mcp::from_text<double>("1,5"), std::nullopt);
    for (const std::string_view wrong : {"nan", "inf", "-inf", "infinity"})
        EXPECT_EQ(mcp::from_text<double>(wrong), std::nullopt) << wrong;
}

} // namespace text_value_test
