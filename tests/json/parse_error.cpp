#include <mcp/json/parse_error.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

TEST(parse_error, names_the_place) {
    EXPECT_EQ(mcp::parse_error("expected a value, got '}'", 17).what(),
              "expected a value, got '}' at byte 17");
}

TEST(parse_error, is_thrown_as_invalid_argument) {
    EXPECT_THROW(mcp::parse_json("{").value(), std::invalid_argument);
}

} // namespace
