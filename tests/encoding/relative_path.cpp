#include <mcp/encoding/relative_path.hpp>

#include <gtest/gtest.h>

#include <string_view>

namespace {

using namespace std::string_view_literals;

TEST(relative_path, stays_below) {
    for (const auto yes : {""sv, "a"sv, "a/b"sv, "a//b/"sv, "..."sv, "..a"sv, "a.."sv, "a/..b/c"sv,
                           "a b"sv, "a%2f.."sv, "c:d"sv})
        EXPECT_TRUE(mcp::is_relative_path(yes)) << yes;
    for (const auto no : {".."sv, "../a"sv, "."sv, "./a"sv, "a/."sv, "a/./b"sv, "a/.."sv,
                          "a/../b"sv, "a/../../etc"sv, "/a"sv, "/"sv, "//a"sv, "..\\a"sv,
                          "a\\..\\b"sv, "a/..\\b"sv, "\\a"sv, "\0"sv, "a\0"sv, "a\0/b"sv})
        EXPECT_FALSE(mcp::is_relative_path(no)) << no;
}

static_assert(mcp::is_relative_path("a/b") && !mcp::is_relative_path("a/../b"));

} // namespace
