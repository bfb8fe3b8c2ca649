#include <mcp/reflect/fault.hpp>

#include <gtest/gtest.h>

#include <type_traits>

namespace fault_test {

namespace d = mcp::detail;

template <class T, class Place = d::unnamed>
struct wrong;
struct other;

template <class Expected, class... Found>
constexpr bool first_is = std::is_same_v<typename d::first_fault<Found...>::type, Expected>;

TEST(fault, the_first_is_found) {
    EXPECT_TRUE(first_is<d::no_fault>);
    EXPECT_TRUE((first_is<d::no_fault, d::no_fault, d::no_fault>));
    EXPECT_TRUE((first_is<other, d::no_fault, other, wrong<int>>));
    EXPECT_TRUE((d::is_fault<other> && !d::is_fault<d::no_fault>));
}

TEST(fault, a_place_is_added_once) {
    using inner = d::located<d::member_of<int, "a">, wrong<int>>::type;
    EXPECT_TRUE((std::is_same_v<inner, wrong<int, d::member_of<int, "a">>>));
    EXPECT_TRUE((std::is_same_v<d::located<d::member_of<int, "b">, inner>::type, inner>));
    EXPECT_TRUE((std::is_same_v<d::located<d::member_of<int, "b">, other>::type, other>));
}

} // namespace fault_test
