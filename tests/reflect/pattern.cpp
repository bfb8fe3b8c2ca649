#include <mcp/reflect/pattern.hpp>

#include <gtest/gtest.h>

namespace {

using word = mcp::matching<"^[a-z]+$">;

TEST(pattern, matches) {
    EXPECT_TRUE(word::admits("abc"));
    EXPECT_FALSE(word::admits("abc1"));
    EXPECT_FALSE(word::admits(""));
    EXPECT_THROW(word{"A"}, std::invalid_argument);
    EXPECT_EQ(word::expectation(), "text that matches ^[a-z]+$");
    EXPECT_TRUE(mcp::pattern{"b"}.admits("abc"));
    EXPECT_FALSE(mcp::pattern{"^b"}.admits("abc"));
}

TEST(pattern, characters_are_code_points) {
    EXPECT_TRUE(mcp::pattern{"^.{2}$"}.admits("é€"));
    EXPECT_TRUE(mcp::pattern{"^[ä€]$"}.admits("€"));
    EXPECT_FALSE(mcp::pattern{"^.{2}$"}.admits("é"));
}

TEST(pattern, hostile_text_takes_no_exponential_time) {
    EXPECT_FALSE(mcp::pattern{"^(a+)+$"}.admits(std::string(200, 'a') + "b"));
}

TEST(pattern, long_text_does_not_exhaust_the_stack) {
    EXPECT_TRUE(word::admits(std::string(4096, 'a')));
    EXPECT_FALSE(word::admits(std::string(1 << 20, 'a')));
}

} // namespace
