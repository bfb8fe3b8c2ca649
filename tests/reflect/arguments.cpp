#include <mcp/reflect/arguments.hpp>

#include <gtest/gtest.h>

#include <string>

namespace {

using named = mcp::arg<"city", std::string, "Where">;
static_assert(named::name == "city");
static_assert(named::description == "Where");
static_assert(mcp::arg<"n", int>::description.empty());
static_assert(mcp::reflect::is_arg<named>);
static_assert(!mcp::reflect::is_arg<int>);
static_assert(mcp::reflect::is_arguments<mcp::arguments<named>>);
static_assert(mcp::reflect::is_arguments<mcp::arguments<>>);
static_assert(!mcp::reflect::is_arguments<named>);
static_assert(std::is_same_v<decltype(mcp::arguments<named, mcp::arg<"n", int>>::values),
                             std::tuple<std::string, int>>);

TEST(arguments, arg_gives_its_value) {
    named city{"Bern"};
    const std::string& text = city;
    EXPECT_EQ(text, "Bern");
    EXPECT_EQ(*city, "Bern");
    EXPECT_EQ(city->size(), 4u);
    *city = "Basel";
    EXPECT_EQ(city.value, "Basel");
}

} // namespace
