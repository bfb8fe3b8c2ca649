#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/describe.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

struct search {
    std::string query;
    int limit;
    int plain;
};

struct silent {
    int value;
};

} // namespace

template <>
struct mcp::describe<search> {
    static constexpr auto members =
        mcp::members(mcp::member<"limit">(mcp::minimum{1}, mcp::maximum{10}),
                     mcp::member<"query">("Words", mcp::min_length{1}));
};

namespace {

using mcp::reflect::member_description;

static_assert(member_description<search, 0>().description == "Words");
static_assert(std::get<0>(member_description<search, 0>().attributes).value == 1);
static_assert(member_description<search, 1>().description.empty());
static_assert(std::get<1>(member_description<search, 1>().attributes).value == 10);
static_assert(std::tuple_size_v<decltype(member_description<search, 2>().attributes)> == 0);
static_assert(std::tuple_size_v<decltype(member_description<silent, 0>().attributes)> == 0);

TEST(describe, expectations_are_checked_in_order) {
    EXPECT_EQ((mcp::reflect::unmet_expectation<search, 1>(5)), "");
    EXPECT_EQ((mcp::reflect::unmet_expectation<search, 1>(0)), "at least 1");
    EXPECT_EQ((mcp::reflect::unmet_expectation<search, 1>(11)), "at most 10");
    EXPECT_EQ((mcp::reflect::unmet_expectation<search, 0>(std::string{})), "at least 1 characters");
    EXPECT_EQ((mcp::reflect::unmet_expectation<search, 2>(-7)), "");
}

} // namespace
