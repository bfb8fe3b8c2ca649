#include <mcp/reflect/describe.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

struct unit {
    int value;
};

struct search {
    std::string query;
    int limit;
    int plain;
};

struct silent {
    int value;
};

enum class fruit { apple, pear };

} // namespace

template <>
struct mcp::describe<search> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(unit{1}, unit{2}),
                                                 mcp::member<"query">("Words", unit{3}));
};

template <>
struct mcp::describe<fruit> {
    static constexpr auto members = mcp::members(mcp::member<"pear">("A pear"));
};

namespace {

using mcp::reflect::enumerator_description;
using mcp::reflect::member_description;

static_assert(member_description<search, 0>().description == "Words");
static_assert(std::get<0>(member_description<search, 0>().attributes).value == 3);
static_assert(member_description<search, 1>().description.empty());
static_assert(std::get<1>(member_description<search, 1>().attributes).value == 2);
static_assert(std::tuple_size_v<decltype(member_description<search, 2>().attributes)> == 0);
static_assert(std::tuple_size_v<decltype(member_description<silent, 0>().attributes)> == 0);
static_assert(!mcp::reflect::has_described_members<silent>);

TEST(describe, enumerators) {
    EXPECT_EQ(enumerator_description<fruit>("pear"), "A pear");
    EXPECT_EQ(enumerator_description<fruit>("apple"), "");
}

} // namespace
