#include <mcp/json/decode_error.hpp>

#include <mcp/result.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

TEST(decode_error, says_where_and_what) {
    EXPECT_EQ(mcp::decode_error("arguments.a[2]", "expected string").what(),
              "arguments.a[2]: expected string");
    EXPECT_EQ(mcp::decode_error("params.name", "is missing").what(), "params.name is missing");
    EXPECT_EQ(mcp::decode_error("", "expected string").what(), "expected string");
    EXPECT_EQ(mcp::decode_error{}.what(), "");
}

TEST(decode_error, is_told_from_a_text) {
    const mcp::result<std::string, mcp::decode_error> good = std::string{"text"};
    EXPECT_TRUE(good);
    const mcp::result<std::string, mcp::decode_error> bad = mcp::decode_error{"a", "b"};
    EXPECT_FALSE(bad);
    EXPECT_THROW(bad.value(), std::invalid_argument);
}

} // namespace
