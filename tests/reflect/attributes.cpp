#include <mcp/reflect/attributes.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace {

static_assert(mcp::minimum{1}.admits(1) && !mcp::minimum{1}.admits(0));
static_assert(mcp::minimum{-1}.admits(0u));
static_assert(!mcp::minimum{1u}.admits(-1));
static_assert(mcp::maximum{1.5}.admits(1) && !mcp::maximum{1.5}.admits(2));
static_assert(mcp::maximum{-1}.admits(-2) && !mcp::maximum{-1}.admits(5u));
static_assert(!mcp::maximum{100}.admits(std::numeric_limits<std::uint64_t>::max()));
static_assert(!mcp::exclusive_minimum{0}.admits(0) && mcp::exclusive_minimum{0}.admits(0.1));
static_assert(!mcp::exclusive_maximum{1}.admits(1) && mcp::exclusive_maximum{1}.admits(0.9));
static_assert(mcp::min_length{2}.admits("éé") && !mcp::min_length{3}.admits("éé"));
static_assert(mcp::max_length{2}.admits("éé") && !mcp::max_length{1}.admits("éé"));
static_assert(
    std::is_same_v<decltype(mcp::default_value{"a"}), mcp::default_value<mcp::fixed_string<1>>>);

struct options {
    std::optional<double> ratio;
    std::vector<int> tags;
    std::string query;
    mcp::ranged<int, 1, 9> few;
    int plain;
};

} // namespace

template <>
struct mcp::describe<options> {
    static constexpr auto members =
        mcp::members(mcp::member<"ratio">("", mcp::exclusive_minimum{0.5}),
                     mcp::member<"tags">("", mcp::min_items{1}, mcp::max_items{2}),
                     mcp::member<"query">("Words", mcp::min_length{1}, mcp::format{"uri"}),
                     mcp::member<"few">(mcp::minimum{5}, mcp::param_header{"Few"}));
};

namespace {

template <std::size_t Index>
std::string unmet(const auto& value) {
    static constexpr auto described = mcp::reflect::member_description<options, Index>();
    return mcp::reflect::unmet_expectation(described.attributes, value);
}

TEST(attributes, expectations) {
    EXPECT_EQ(mcp::minimum{0.1}.expectation(), "at least 0.1");
    EXPECT_EQ(mcp::exclusive_maximum{3}.expectation(), "less than 3");
    EXPECT_EQ(mcp::max_length{8}.expectation(), "at most 8 characters");
}

TEST(attributes, unmet_expectation) {
    EXPECT_EQ(unmet<0>(std::optional<double>{}), "");
    EXPECT_EQ(unmet<0>(std::optional<double>{0.6}), "");
    EXPECT_EQ(unmet<0>(std::optional<double>{0.5}), "more than 0.5");
    EXPECT_EQ(unmet<1>(std::vector<int>{}), "at least 1 items");
    EXPECT_EQ(unmet<1>(std::vector<int>{1, 2, 3}), "at most 2 items");
    EXPECT_EQ(unmet<2>(std::string{}), "at least 1 characters");
    EXPECT_EQ(unmet<3>(mcp::ranged<int, 1, 9>{4}), "at least 5");
    EXPECT_EQ(unmet<4>(-7), "");
}

} // namespace
