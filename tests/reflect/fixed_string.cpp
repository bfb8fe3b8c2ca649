#include <mcp/reflect/fixed_string.hpp>

#include <gtest/gtest.h>

namespace {

template <mcp::fixed_string Text>
struct holder {
    static constexpr std::string_view text = Text;
};

static_assert(holder<"abc">::text == "abc");
static_assert(holder<"">::text.empty());
static_assert(holder<"a\0b">::text.size() == 3);
static_assert(mcp::fixed_string{"ab"} == mcp::fixed_string{"ab"});
static_assert(!(mcp::fixed_string{"ab"} == mcp::fixed_string{"abc"}));
static_assert(mcp::fixed_string{"ab"}.size() == 2);
static_assert(mcp::fixed_string{""}.empty());
static_assert(std::is_same_v<holder<"x">, holder<"x">>);
static_assert(!std::is_same_v<holder<"x">, holder<"y">>);

TEST(fixed_string, is_terminated) {
    static constexpr mcp::fixed_string text = "abc";
    EXPECT_STREQ(text.text, "abc");
    EXPECT_EQ(text.view(), "abc");
}

} // namespace
