#include <mcp/reflect/type_name.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace geo {

struct point {};

template <class T>
struct box {
    struct corner {};
};

enum class axis { x };

} // namespace geo

namespace {

struct hidden {};

using mcp::reflect::type_name;

static_assert(type_name<geo::point> == "point");
static_assert(type_name<geo::box<geo::point>> == "box");
static_assert(type_name<geo::box<std::vector<geo::box<int>>>> == "box");
static_assert(type_name<geo::box<int>::corner> == "corner");
static_assert(type_name<geo::axis> == "axis");
static_assert(type_name<hidden> == "hidden");

TEST(type_name, local_struct) {
    struct local {};
    static_assert(type_name<local> == "local");
}

} // namespace
