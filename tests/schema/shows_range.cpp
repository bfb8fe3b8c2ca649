#include <mcp/schema/shows_range.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <cstdint>

// No other test uses this type.
template <>
inline constexpr bool mcp::shows_range<long long> = true;

namespace {

using mcp::schema_of;

static_assert(schema_of<std::int8_t> == R"({"type":"integer","minimum":-128,"maximum":127})");
static_assert(schema_of<std::uint8_t> == R"({"type":"integer","minimum":0,"maximum":255})");
static_assert(schema_of<std::int16_t> == R"({"type":"integer","minimum":-32768,"maximum":32767})");
static_assert(schema_of<std::uint16_t> == R"({"type":"integer","minimum":0,"maximum":65535})");
static_assert(schema_of<std::int32_t> == R"({"type":"integer"})");
static_assert(schema_of<std::uint32_t> == R"({"type":"integer","minimum":0})");
static_assert(schema_of<std::int64_t> == R"({"type":"integer"})");
static_assert(schema_of<std::uint64_t> == R"({"type":"integer","minimum":0})");
static_assert(schema_of<long long> ==
              R"({"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807})");

TEST(shows_range, decoding_checks_what_the_schema_does_not_show) {
    const auto decoded = mcp::decode<std::int32_t>(*mcp::parse_json("2147483648"));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().what(),
              "expected integer from -2147483648 to 2147483647, got 2147483648");
}

} // namespace
