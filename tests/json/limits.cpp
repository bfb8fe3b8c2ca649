#include <mcp/json/limits.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

namespace {

TEST(limits, count_levels_and_members) {
    EXPECT_TRUE(mcp::parse_json("[[1]]", {.depth = 2}));
    EXPECT_FALSE(mcp::parse_json("[[1]]", {.depth = 1}));
    EXPECT_TRUE(mcp::parse_json(R"({"a":{"b":1}})", {.object_members = 1}));
    EXPECT_FALSE(mcp::parse_json(R"({"a":1,"b":1})", {.object_members = 1}));
}

TEST(limits, have_defaults_that_mcp_fits_in) {
    EXPECT_EQ(mcp::json_limits{}.depth, 64u);
    EXPECT_EQ(mcp::json_limits{}.object_members, 10'000u);
}

} // namespace
