#include <mcp/reflect/describe.hpp>

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/json_names.hpp>

#include <gtest/gtest.h>

#include <string>
#include <tuple>

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

struct by_pointer {
    int first;
    int second;
};

struct itself {
    int page_size = 3;
    std::string words;

    static constexpr auto describe = mcp::described(
        "Pages", mcp::title{"Page"}, mcp::camel_case{}, mcp::no_defaults{},
        mcp::member<&itself::words>("Words", unit{4}), mcp::member<"page_size">("Size"));
};

struct silent_about_itself {
    int value;

    static constexpr auto describe = mcp::described(mcp::member<&silent_about_itself::value>());
};

struct other_describe {
    int value;

    static constexpr int describe = 3;
};

enum class fruit { apple, pear };

} // namespace

template <>
struct mcp::describe<search> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(unit{1}, unit{2}),
                                                 mcp::member<"query">("Words", unit{3}));
};

template <>
struct mcp::describe<by_pointer> {
    static constexpr auto members = mcp::members(mcp::member<&by_pointer::second>("Two", unit{1}),
                                                 mcp::member<&by_pointer::first>(unit{2}));
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

static_assert(member_description<by_pointer, 1>().description == "Two");
static_assert(std::get<0>(member_description<by_pointer, 0>().attributes).value == 2);
static_assert(member_description<by_pointer, 0>().pointer == &by_pointer::first);

static_assert(mcp::describe<itself>::description == "Pages");
static_assert(mcp::describe<itself>::title == "Page");
static_assert(!mcp::describe<itself>::defaults);
static_assert(member_description<itself, 1>().description == "Words");
static_assert(std::get<0>(member_description<itself, 1>().attributes).value == 4);
static_assert(member_description<itself, 0>().description == "Size");
static_assert(mcp::reflect::json_names<itself>[0] == "pageSize");
static_assert(mcp::describe<silent_about_itself>::description.empty());
static_assert(!mcp::reflect::has_described_members<other_describe>);

TEST(describe, enumerators) {
    EXPECT_EQ(enumerator_description<fruit>("pear"), "A pear");
    EXPECT_EQ(enumerator_description<fruit>("apple"), "");
}

} // namespace
