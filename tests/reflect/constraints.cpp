#include <mcp/reflect/constraints.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace {

using percent = mcp::ranged<int, 0, 100>;
using name = mcp::sized<std::string, 1, 5>;

static_assert(percent::admits(100) && !percent::admits(101) && !percent::admits(-1));
static_assert(percent{7} + 1 == 8);
static_assert(percent{7} == 7 && 7 == percent{7} && percent{7} != 8L && percent{7} == percent{7});
static_assert(std::is_default_constructible_v<name>);
static_assert(mcp::reflect::is_constrained<percent> && !mcp::reflect::is_constrained<int>);
static_assert(std::is_convertible_v<percent, int> && std::is_convertible_v<int, percent>);
static_assert(std::is_same_v<name::value_type, std::string>);

TEST(constraints, hold_their_value) {
    const name text = "abc";
    EXPECT_EQ(*text, "abc");
    EXPECT_EQ(text->size(), 3u);
    EXPECT_TRUE(text == "abc" && text == std::string_view{"abc"} && text != "abd");
    EXPECT_EQ(text, name{std::string{"abc"}});
    const mcp::formatted<"email"> mail = "a@b.c";
    EXPECT_EQ(*mail, "a@b.c");
}

TEST(constraints, start_inside) {
    EXPECT_EQ((mcp::ranged<int, 5, 9>{}.value()), 5);
    EXPECT_EQ(name {} -> size(), 0u);
}

TEST(constraints, refuse_what_breaks_the_rule) {
    EXPECT_THROW(percent{101}, std::invalid_argument);
    EXPECT_THROW(name{""}, std::invalid_argument);
    EXPECT_THROW(name{"abcdef"}, std::invalid_argument);
    EXPECT_NO_THROW(name{"ééééé"});
}

TEST(constraints, expectations) {
    EXPECT_EQ(percent::expectation(), "a number from 0 to 100");
    EXPECT_EQ(name::expectation(), "1 to 5 characters");
    EXPECT_EQ((mcp::sized<std::vector<int>, 2>::expectation()), "at least 2 items");
    EXPECT_EQ((mcp::sized<std::vector<int>, 2, 2>::expectation()), "2 items");
}

#if !defined(__clang__) || __clang_major__ >= 18 // before, no fractions as template arguments
using ratio = mcp::ranged<double, 0, 0.5>;
static_assert(ratio::admits(0.5) && !ratio::admits(0.51));

TEST(constraints, may_have_fractions) {
    EXPECT_EQ(ratio::expectation(), "a number from 0 to 0.5");
}
#endif

} // namespace
