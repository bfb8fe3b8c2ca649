#include <mcp/json/form_fault.hpp>

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace form_fault_test {

namespace d = mcp::detail;

struct node {
    std::string name;
    std::vector<node> below;
};
struct reading {
    int at = 0;
    std::string_view text;
};
struct nested {
    std::vector<reading> readings;
};
struct frozen {
    const int at = 0;
};
class opaque {
    [[maybe_unused]] int at_ = 0;
};

template <class T, class Fault>
constexpr bool reads = std::is_same_v<d::form_fault<d::json_use::reading, T>, Fault>;
template <class T, class Fault>
constexpr bool writes = std::is_same_v<d::form_fault<d::json_use::writing, T>, Fault>;

TEST(form_fault, is_the_first_part_without_a_json_form) {
    EXPECT_TRUE((reads<node, d::no_fault> && writes<node, d::no_fault>));
    EXPECT_TRUE((reads<std::map<std::string, std::array<int, 2>>, d::no_fault>));
    EXPECT_TRUE((reads<std::variant<int, std::optional<bool>>, d::no_fault>));
    EXPECT_TRUE((reads<std::vector<bool>, d::no_fault>));
    EXPECT_TRUE((writes<std::span<const int>, d::no_fault>));
    EXPECT_TRUE((writes<nested, d::no_fault> && writes<frozen, d::no_fault>));

    EXPECT_TRUE((reads<const char*, d::borrowed_text<const char*>>));
    EXPECT_TRUE((reads<std::span<const int>, d::borrowed_elements<std::span<const int>>>));
    EXPECT_TRUE((reads<std::vector<int*>, d::pointer_form<int*>>));
    EXPECT_TRUE((writes<std::vector<int*>, d::pointer_form<int*>>));
    EXPECT_TRUE(
        (reads<opaque, d::no_json_form<opaque>> && writes<opaque, d::no_json_form<opaque>>));
    using by_number = std::map<int, int>;
    EXPECT_TRUE((reads<by_number, d::map_key<by_number>>));
}

TEST(form_fault, names_the_member) {
    using text = d::borrowed_text<std::string_view, d::member_of<reading, "text">>;
    EXPECT_TRUE((reads<reading, text> && reads<nested, text>));
    EXPECT_TRUE((reads<frozen, d::const_value<const int, d::member_of<frozen, "at">>>));
}

} // namespace form_fault_test
