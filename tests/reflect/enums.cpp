#include <mcp/reflect/enums.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace shop {

enum class colour { red, green = 7, dark_blue = -3 };
enum plain { apple, pear = 5 };
enum class small : std::uint8_t { low, high = 255 };
enum class tiny : bool { no, yes };
enum class wide { far = 1000, near = 1 };
enum class none {};
enum class big : std::uint64_t { one = 1, hundred = 100 };
enum class http { ok = 200, not_found = 404, gateway_timeout = 504, other = 599 };
enum class flags : std::uint64_t {
    none,
    low = 1,
    kilo = 1024,
    high = std::uint64_t{1} << 62U,
    all = ~std::uint64_t{0}
};
enum loose { loose_a, loose_far = 4096 };
enum class beyond { near, far = 12345 };
enum fixed : int { fixed_a, fixed_b = 200 };

template <class A, class B>
struct box {
    enum class lid { open, shut };
};

} // namespace shop

template <>
struct mcp::enum_range<shop::wide> {
    static constexpr int min = 0;
    static constexpr int max = 1000;
};

namespace {

using mcp::reflect::enum_from_name;
using mcp::reflect::enum_name;
using mcp::reflect::enum_names;
using mcp::reflect::enum_values;

// Reflection finds the names of all values.
#ifdef __cpp_impl_reflection
constexpr bool reflects = true;
#else
constexpr bool reflects = false;
#endif

enum class hidden { zero, éclair, x86_64 };

static_assert(enum_names<shop::colour>.size() == 3);
static_assert(enum_names<shop::colour>[0] == "dark_blue");
static_assert(enum_values<shop::colour>[0] == shop::colour::dark_blue);
static_assert(enum_names<shop::colour>[2] == "green");
static_assert(enum_names<shop::plain>.size() == 2);
static_assert(enum_name(shop::pear) == "pear");
static_assert(enum_names<shop::small>.size() == 2);
static_assert(enum_name(shop::small::high) == "high");
static_assert(enum_names<shop::tiny>.size() == 2);
static_assert(enum_name(shop::tiny::yes) == "yes");
static_assert(enum_names<shop::wide>.size() == 2);
static_assert(enum_name(shop::wide::far) == "far");
static_assert(enum_names<shop::none>.empty());
static_assert(enum_name(shop::big::hundred) == "hundred");
static_assert(enum_names<shop::http>.size() == 4);
static_assert(enum_name(shop::http::not_found) == "not_found");
static_assert(enum_name(shop::http::other) == "other");
static_assert(enum_names<shop::flags>.size() == (reflects ? 5 : 4));
static_assert(enum_values<shop::flags>[2] == shop::flags::kilo);
static_assert(enum_name(shop::flags::high) == "high" &&
              enum_name(shop::flags::all).empty() != reflects);
static_assert(enum_names<shop::loose>.size() == 2 && enum_name(shop::loose_far) == "loose_far");
static_assert(enum_name(shop::beyond::far).empty() != reflects);
static_assert(enum_names<shop::fixed>.size() == 2);
static_assert(enum_name(shop::box<int, shop::box<int, int>>::lid::shut) == "shut");
static_assert(enum_names<hidden>.size() == 3);
static_assert(enum_name(hidden::éclair) == "éclair");
static_assert(enum_name(hidden::x86_64) == "x86_64");
static_assert(enum_name(static_cast<shop::colour>(2)).empty());

TEST(enums, from_name) {
    EXPECT_EQ(enum_from_name<shop::colour>("green"), shop::colour::green);
    EXPECT_EQ(enum_from_name<shop::colour>("Green"), std::nullopt);
    EXPECT_EQ(enum_from_name<shop::colour>(""), std::nullopt);
    EXPECT_EQ(enum_from_name<shop::none>("x"), std::nullopt);
}

} // namespace
