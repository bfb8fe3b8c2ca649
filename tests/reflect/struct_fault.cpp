#include <mcp/reflect/struct_fault.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <type_traits>

namespace struct_fault_test {

namespace d = mcp::detail;

template <int>
struct search {
    std::string words;
    int limit;
};
using fine = search<0>;
using misnamed = search<1>;
using repeated = search<2>;
using elsewhere = search<3>;
using listless = search<4>;
using odd = search<5>;
using misfitting = search<6>;
using bad_header = search<7>;
using same_names = search<8>;
using no_policy = search<9>;

struct itself {
    int limit;
    static constexpr auto describe = mcp::described("Search", mcp::minimum{1});
};

struct base {
    int id;
};
struct derived : base {
    int more;
};
struct bits {
    int a : 3;
};
struct mixed {
    std::map<std::string, int> weights;
    int limit = 10;
    int page;
};

enum class fruit { apple, pear };
enum class vegetable { leek };
enum class code { teapot = 1000 };

} // namespace struct_fault_test

namespace test = struct_fault_test;

template <>
struct mcp::describe<test::fine> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(mcp::minimum{1}),
                                                 mcp::member<&test::fine::words>("What"));
};
template <>
struct mcp::describe<test::misnamed> {
    static constexpr auto members = mcp::members(mcp::member<"Limit">());
};
template <>
struct mcp::describe<test::repeated> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(), mcp::member<"limit">());
};
template <>
struct mcp::describe<test::elsewhere> {
    static constexpr auto members = mcp::members(mcp::member<&test::base::id>());
};
template <>
struct mcp::describe<test::listless> {
    static constexpr auto members = 1;
};
template <>
struct mcp::describe<test::odd> {
    static constexpr auto members = mcp::members(mcp::member<"limit">("How many", 5));
};
template <>
struct mcp::describe<test::misfitting> {
    static constexpr auto members = mcp::members(mcp::member<"words">(mcp::minimum{1}));
};
template <>
struct mcp::describe<test::bad_header> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(mcp::param_header{"a b"}));
};
template <>
struct mcp::describe<test::same_names> {
    static constexpr auto members = mcp::members(mcp::member<"limit">(mcp::json_name{"words"}));
};
template <>
struct mcp::describe<test::no_policy> {
    static constexpr int names = 1;
};
template <>
struct mcp::describe<test::vegetable> {
    static constexpr auto members = mcp::members(mcp::member<"leak">("A leek"));
};

namespace struct_fault_test {

template <class T, class Fault>
constexpr bool is = std::is_same_v<d::struct_fault<T>, Fault>;

TEST(struct_fault, is_the_first_of_a_struct) {
    EXPECT_TRUE((is<fine, d::no_fault> && is<base, d::no_fault> && is<mixed, d::no_fault>));
    EXPECT_TRUE((is<misnamed, d::unknown_member<misnamed, mcp::described_member<"Limit">>>));
    EXPECT_TRUE((is<repeated, d::described_twice<repeated, mcp::described_member<"limit">>>));
    EXPECT_TRUE(
        (is<elsewhere, d::member_of_another<elsewhere, mcp::described_pointer<&base::id>>>));
    EXPECT_TRUE((is<listless, d::no_member_list<listless, int>>));
    EXPECT_TRUE((is<odd, d::no_attribute<d::member_of<odd, "limit">, int>>));
    EXPECT_TRUE((is<misfitting, d::misfit<d::member_of<misfitting, "words">, mcp::minimum<int>>>));
    EXPECT_TRUE((is<bad_header, d::no_header_name<d::member_of<bad_header, "limit">>>));
    EXPECT_TRUE((is<same_names, d::equal_json_names<same_names>>));
    EXPECT_TRUE((is<no_policy, d::no_names<no_policy>>));
    EXPECT_TRUE((is<itself, d::no_part<itself, mcp::minimum<int>>>));
#ifndef __cpp_impl_reflection
    EXPECT_TRUE((is<derived, mcp::reflect::detail::hidden_members<derived>>));
    EXPECT_TRUE((is<bits, mcp::reflect::detail::bit_field_member<bits>>));
#endif
}

TEST(struct_fault, defaults_that_cannot_be_read_are_faults_of_reading) {
    EXPECT_TRUE((std::is_same_v<d::defaults_fault<fine, true>, d::no_fault>));
    EXPECT_TRUE((std::is_same_v<d::defaults_fault<mixed, false>, d::no_fault>));
    EXPECT_TRUE((std::is_same_v<d::defaults_fault<mixed, true>,
                                d::unreadable_defaults<d::member_of<mixed, "limit">>>));
}

TEST(struct_fault, an_enum_has_names_and_describes_only_them) {
    EXPECT_TRUE((std::is_same_v<d::enum_fault<fruit>, d::no_fault>));
#ifdef __cpp_impl_reflection
    EXPECT_TRUE((std::is_same_v<d::enum_fault<code>, d::enum_outside_range<code>>));
#else
    EXPECT_TRUE((std::is_same_v<d::enum_fault<code>, d::nameless_enum<code>>));
#endif
    EXPECT_TRUE((std::is_same_v<d::enum_fault<vegetable>,
                                d::unknown_member<vegetable, mcp::described_member<"leak">>>));
}

} // namespace struct_fault_test
