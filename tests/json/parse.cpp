#include <mcp/json/parse.hpp>

#include <mcp/json/writer.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string rewritten(std::string_view text) {
    const auto value = mcp::parse_json(text);
    if (!value) {
        return value.error().what();
    }
    std::string out;
    mcp::json_writer{out}.value(*value);
    return out;
}

struct good {
    std::string_view text;
    std::string_view rewritten;
};

constexpr good goods[] = {
    {"null", "null"},
    {" \t\r\n true \t\r\n ", "true"},
    {"false", "false"},
    {"[]", "[]"},
    {"{}", "{}"},
    {"[ ]", "[]"},
    {"{ }", "{}"},
    {"[1 , 2,[3]]", "[1,2,[3]]"},
    {R"({"a" : {"b":[]} , "c":""})", R"({"a":{"b":[]},"c":""})"},
    {R"({"":1})", R"({"":1})"},
    {"0", "0"},
    {"-0", "0"},
    {"-0.0", "-0.0"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"18446744073709551615", "18446744073709551615"},
    {"18446744073709551616", "18446744073709551616.0"},
    {"-9223372036854775809", "-9223372036854775808.0"},
    {"1.0", "1.0"},
    {"1e2", "100.0"},
    {"1E+2", "100.0"},
    {"1.5e-3", "0.0015"},
    {"0.1", "0.1"},
    {"2.2250738585072011e-308", "2.225073858507201e-308"},
    {"1.7976931348623157e308", "1.7976931348623157e+308"},
    {"9007199254740993.0", "9007199254740992.0"},
    {"5e-324", "5e-324"},
    {"1e-400", "0.0"},
    {"0.0001e-9223372036854775808", "0.0"},
    {"0e999999999999999999999", "0.0"},
    {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
    {R"("\u0041\u00e4\u20AC\ud83d\ude00")", "\"A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""},
    {R"("\u0000")", R"("\u0000")"},
    {"\"\x7F\xE2\x80\xA8\"", "\"\x7F\xE2\x80\xA8\""},
    {"\"a\xC3\xA4\\n\xF0\x9F\x98\x80 z\"", "\"a\xC3\xA4\\n\xF0\x9F\x98\x80 z\""},
    {R"({"a":1,"A":2,"a ":3})", R"({"a":1,"A":2,"a ":3})"},
    {R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":2}])"},
    {R"({"a":{"a":{"a":1}}})", R"({"a":{"a":{"a":1}}})"},
};

TEST(parse, reads) {
    for (const auto& [text, expected] : goods) {
        EXPECT_EQ(rewritten(text), expected) << text;
    }
}

struct bad {
    std::string_view text;
    std::string_view error;
};

constexpr bad bads[] = {
    {"", "expected a value, got the end of the text at byte 0"},
    {"  ", "expected a value, got the end of the text at byte 2"},
    {"\xEF\xBB\xBF{}", "expected a value, got the byte 0xEF at byte 0"},
    {"{} {}", "unexpected text after the value at byte 3"},
    {"1 2", "unexpected text after the value at byte 2"},
    {"nul", "expected null, got the end of the text at byte 3"},
    {"nulL", "expected null, got 'L' at byte 3"},
    {"True", "expected a value, got 'T' at byte 0"},
    {"NaN", "expected a value, got 'N' at byte 0"},
    {"-Infinity", "expected a digit, got 'I' at byte 1"},
    {"'a'", "expected a value, got ''' at byte 0"},
    {"// x\n1", "expected a value, got '/' at byte 0"},
    // arrays and objects
    {"[", "expected a value, got the end of the text at byte 1"},
    {"[1", "expected ',' or ']', got the end of the text at byte 2"},
    {"[1,]", "expected a value, got ']' at byte 3"},
    {"[,1]", "expected a value, got ',' at byte 1"},
    {"[1 2]", "expected ',' or ']', got '2' at byte 3"},
    {"[1}", "expected ',' or ']', got '}' at byte 2"},
    {"{", "expected a key in quotes, got the end of the text at byte 1"},
    {R"({"a")", "expected ':' after the key, got the end of the text at byte 4"},
    {R"({"a":)", "expected a value, got the end of the text at byte 5"},
    {R"({"a" 1})", "expected ':' after the key, got '1' at byte 5"},
    {R"({"a":1,})", "expected a key in quotes, got '}' at byte 7"},
    {R"({"a":1 "b":2})", "expected ',' or '}', got '\"' at byte 7"},
    {"{a:1}", "expected a key in quotes, got 'a' at byte 1"},
    {"{1:1}", "expected a key in quotes, got '1' at byte 1"},
    // equal keys
    {R"({"a":1,"b":2,"a":3})", "the key \"a\" appears twice in one object at byte 13"},
    {R"([{"x":{"k":1,"k":1}}])", "the key \"k\" appears twice in one object at byte 13"},
    {R"({"\u0061":1,"a":2})", "the key \"a\" appears twice in one object at byte 12"},
    {R"({"a":1,"\u0061":2})", "the key \"a\" appears twice in one object at byte 7"},
    {R"({"":1,"":2})", "the key \"\" appears twice in one object at byte 6"},
    // numbers
    {"01", "a number has a leading zero at byte 0"},
    {"-01", "a number has a leading zero at byte 0"},
    {"+1", "expected a value, got '+' at byte 0"},
    {".5", "expected a value, got '.' at byte 0"},
    {"1.", "expected a digit, got the end of the text at byte 2"},
    {"1.e5", "expected a digit, got 'e' at byte 2"},
    {"1e", "expected a digit, got the end of the text at byte 2"},
    {"1e+", "expected a digit, got the end of the text at byte 3"},
    {"1e+-1", "expected a digit, got '-' at byte 3"},
    {"-", "expected a digit, got the end of the text at byte 1"},
    {"--1", "expected a digit, got '-' at byte 1"},
    {"0x10", "unexpected text after the value at byte 1"},
    {"1_000", "unexpected text after the value at byte 1"},
    {"[1e309]", "a number is too large for a double at byte 1"},
    {"-1e309", "a number is too large for a double at byte 0"},
    {"1e99999999999999999999", "a number is too large for a double at byte 0"},
    {"1e9223372036854775807", "a number is too large for a double at byte 0"},
    {"-10e9223372036854775806", "a number is too large for a double at byte 0"},
    // strings
    {"\"", "a string is not terminated at byte 1"},
    {"\"a", "a string is not terminated at byte 2"},
    {"\"\\", "a string is not terminated at byte 2"},
    {"\"a\nb\"", "a control character in a string is not escaped at byte 2"},
    {"\"a\0b\""sv, "a control character in a string is not escaped at byte 2"},
    {R"("\x41")", "a string has an unknown escape at byte 1"},
    {R"("\u12")", "expected four hexadecimal digits after \\u at byte 3"},
    {R"("\u12g4")", "expected four hexadecimal digits after \\u at byte 3"},
    {R"("\u-123")", "expected four hexadecimal digits after \\u at byte 3"},
    {R"("\u 123")", "expected four hexadecimal digits after \\u at byte 3"},
    {R"("\ud83d")", "a string has an unpaired surrogate at byte 1"},
    {R"("\ude00")", "a string has an unpaired surrogate at byte 1"},
    {R"("\ud83d\ud83d")", "a string has an unpaired surrogate at byte 1"},
    {R"("\ud83d\n")", "a string has an unpaired surrogate at byte 1"},
    // UTF-8
    {"\"\xFF\"", "a string is not valid UTF-8 at byte 1"},
    {"\"ab\xC0\xAF\"", "a string is not valid UTF-8 at byte 3"},
    {"\"\xED\xA0\x80\"", "a string is not valid UTF-8 at byte 1"},
    {"\"\xF4\x90\x80\x80\"", "a string is not valid UTF-8 at byte 1"},
    {"\"\\n\xE2\x82\"", "a string is not valid UTF-8 at byte 3"},
    {"{\"\xFF\":1}", "a string is not valid UTF-8 at byte 2"},
    {"\xC3\xA4", "expected a value, got the byte 0xC3 at byte 0"},
};

TEST(parse, refuses_with_a_sentence_and_the_byte) {
    for (const auto& [text, error] : bads) {
        EXPECT_EQ(rewritten(text), error) << text;
    }
}

TEST(parse, refuses_every_text_cut_short) {
    const std::string text = R"({"a":[1.5e3,true,null,"x\u00e4\n\ud83d\ude00"],"b":{"c":"d"}})";
    ASSERT_TRUE(mcp::parse_json(text));
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto value = mcp::parse_json(std::string_view{text}.substr(0, size));
        ASSERT_FALSE(value) << size;
        EXPECT_LE(value.error().offset, size);
    }
}

TEST(parse, limits_depth) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_TRUE(mcp::parse_json(nested(64)));
    EXPECT_EQ(mcp::parse_json(nested(65)).error().what(), "nesting is deeper than 64 at byte 64");
    EXPECT_FALSE(mcp::parse_json(std::string(1'000'000, '[')));
    EXPECT_TRUE(mcp::parse_json("1", {.depth = 0}));
    EXPECT_FALSE(mcp::parse_json("{}", {.depth = 0}));
    EXPECT_EQ(mcp::parse_json(R"({"a":[{}]})", {.depth = 2}).error().what(),
              "nesting is deeper than 2 at byte 6");
}

std::string object_of(std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i) {
        text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
    }
    return text + "}";
}

TEST(parse, limits_members) {
    EXPECT_TRUE(mcp::parse_json(object_of(10'000)));
    EXPECT_FALSE(mcp::parse_json(object_of(10'001)));
    EXPECT_EQ(mcp::parse_json(R"({"a":1,"b":2})", {.object_members = 1}).error().what(),
              "an object has more than 1 members at byte 11");
}

TEST(parse, finds_equal_keys_in_objects_of_every_size) {
    for (std::size_t size = 1; size < 40; ++size) {
        std::string text = object_of(size);
        ASSERT_TRUE(mcp::parse_json(text));
        text.pop_back();
        const std::size_t where = text.size() + 1;
        text += ",\"k0\":1}";
        const auto value = mcp::parse_json(text);
        ASSERT_FALSE(value);
        EXPECT_EQ(value.error().message, "the key \"k0\" appears twice in one object");
        EXPECT_EQ(value.error().offset, where);
    }
}

TEST(parse, cuts_long_keys_in_errors) {
    const std::string key = std::string(63, 'x') + "\xC3\xA4" + std::string(100, 'y');
    const auto value = mcp::parse_json("{\"" + key + "\":1,\"" + key + "\":2}");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message,
              "the key \"" + std::string(63, 'x') + "...\" appears twice in one object");
}

TEST(parse, keeps_numbers_exact) {
    const auto number = [](std::string_view text) { return *mcp::parse_json(text); };
    EXPECT_EQ(number("1").kind(), mcp::json_kind::int64);
    EXPECT_EQ(number("9223372036854775808").get_uint64(), 9223372036854775808u);
    EXPECT_EQ(number("9223372036854775807").get_int64(), std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(std::signbit(number("-0.0").get_double()));
    // Nearest doubles, where a reader that multiplies by powers of ten is off by one bit.
    EXPECT_EQ(number("0.30000000000000004").get_double(), 0.30000000000000004);
    EXPECT_EQ(number("7.3177701707893310e+15").get_double(), 7.3177701707893310e+15);
    EXPECT_EQ(number("6.631236846766476e-316").get_double(), 6.631236846766476e-316);
    EXPECT_EQ(number("8.98846567431158e307").get_double(), 8.98846567431158e307);
    EXPECT_EQ(number("0." + std::string(5000, '0') + "1").get_double(), 0.0);
    EXPECT_FALSE(mcp::parse_json("1" + std::string(5000, '0')));
}

TEST(parse, escapes_in_keys) {
    const auto value = mcp::parse_json(R"({"a\nb":1,"\u20ac":{"\ud83d\ude00":2}})");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->at("a\nb").get_int64(), 1);
    EXPECT_EQ(value->at("\xE2\x82\xAC").at("\xF0\x9F\x98\x80").get_int64(), 2);
}

TEST(parse, throws_if_the_value_is_taken_from_an_error) {
    const auto value = mcp::parse_json("[");
    EXPECT_THROW(value.value(), std::invalid_argument);
}

} // namespace
