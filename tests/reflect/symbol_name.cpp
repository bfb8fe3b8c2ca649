#include <mcp/reflect/symbol_name.hpp>

#include <gtest/gtest.h>

int at_root(int);

namespace math {

int add(int, int);
template <class T>
T twice(T value) {
    return value;
}
namespace deep {
inline namespace v1 {
void nested() noexcept;
} // namespace v1
} // namespace deep

struct shape {
    static int sides();
    int area() const;
};

template <class T>
struct box {
    static int made();
    template <class U>
    static int of();
};

} // namespace math

namespace {

int hidden() {
    return 0;
}

using mcp::reflect::symbol_name;

static_assert(symbol_name<at_root> == "at_root");
static_assert(symbol_name<&at_root> == "at_root");
static_assert(symbol_name<math::add> == "add");
static_assert(symbol_name<&math::add> == "add");
static_assert(symbol_name<math::twice<int>> == "twice");
static_assert(symbol_name<&math::twice<math::box<int>>> == "twice");
static_assert(symbol_name<math::deep::nested> == "nested");
static_assert(symbol_name<math::shape::sides> == "sides");
static_assert(symbol_name<&math::shape::area> == "area");
static_assert(symbol_name<math::box<math::shape>::made> == "made");
static_assert(symbol_name<math::box<int>::of<math::box<int>>> == "of");
static_assert(symbol_name<hidden> == "hidden");
static_assert(symbol_name<&hidden> == "hidden");

TEST(symbol_name, anonymous_namespace) {
    EXPECT_EQ(hidden(), 0);
}

} // namespace
