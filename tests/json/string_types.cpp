#include <mcp/json/string_types.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using std::filesystem::path;

static_assert(mcp::schema_of<path> ==
              R"({"type":"string","description":"Path of a file or directory"})");
static_assert(mcp::schema_of<mcp::uri_text> == R"({"type":"string","format":"uri"})");
static_assert(mcp::schema_of<mcp::uuid> == R"({"type":"string","format":"uuid"})");

template <class T>
std::string read(std::string_view text) {
    const auto got = mcp::decode<T>(*mcp::parse_json(text));
    return got ? mcp::encode(*got) : got.error().message;
}

TEST(string_types, texts) {
    const struct {
        std::string (*read)(std::string_view);
        std::string_view json;
        std::string_view result;
    } rows[] = {
        {read<path>, R"("a/../b c")", R"("a/../b c")"},
        {read<path>, R"("/tmp/ü")", R"("/tmp/ü")"},
        {read<path>, R"("")", R"("")"},
        {read<path>, R"("a\u0000b")", R"(expected path in UTF-8 without a zero byte, got "a?b")"},
        {read<path>, "7", "expected path in UTF-8 without a zero byte, got number"},
        {read<mcp::uri_text>, R"("https://example.com/a?b#c")", R"("https://example.com/a?b#c")"},
        {read<mcp::uri_text>, R"("example.com")",
         R"(expected URI such as "https://example.com/a?b=c")"},
        {read<mcp::uri_text>, R"("")", R"(expected URI such as "https://example.com/a?b=c")"},
        {read<mcp::uuid>, R"("123E4567-e89b-12d3-a456-426614174000")",
         R"("123e4567-e89b-12d3-a456-426614174000")"},
        {read<mcp::uuid>, R"("123e4567")",
         R"(expected UUID such as "123e4567-e89b-12d3-a456-426614174000", got "123e4567")"},
    };
    for (const auto& each : rows) {
        EXPECT_EQ(each.read(each.json), each.result) << each.json;
    }
}

TEST(string_types, a_path_that_is_not_utf8_is_not_written) {
    EXPECT_THROW(mcp::encode(path{"a\xff"}), mcp::encode_error);
    EXPECT_THROW(mcp::encode(path{std::string("a\0b", 3)}), mcp::encode_error);
}

TEST(string_types, a_uri_is_checked_when_made) {
    EXPECT_EQ(*mcp::uri_text{"urn:x"}, "urn:x");
    EXPECT_THROW(mcp::uri_text{"x"}, std::invalid_argument);
}

} // namespace
