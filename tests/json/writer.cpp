#include <mcp/json/writer.hpp>

#include <mcp/encoding/utf8.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

std::string text_of(const auto& value) {
    std::string out;
    mcp::json_writer{out}.value(value);
    return out;
}

TEST(writer, sets_commas) {
    std::string out = "> ";
    mcp::json_writer w{out};
    w.begin_object();
    w.member("a", 1);
    w.key("b");
    w.begin_array();
    w.value(true);
    w.value(nullptr);
    w.begin_array();
    w.end_array();
    w.begin_object();
    w.end_object();
    w.raw("[2]");
    w.end_array();
    w.member_raw("c", "{}");
    w.member("d", "text"sv);
    w.key("e");
    w.begin_object();
    w.member("f", nullptr);
    w.end_object();
    w.end_object();
    EXPECT_EQ(out, R"(> {"a":1,"b":[true,null,[],{},[2]],"c":{},"d":"text","e":{"f":null}})");
    EXPECT_EQ(&w.out(), &out);
}

struct escape {
    std::string_view text;
    std::string_view json;
};

constexpr escape escapes[] = {
    {"", R"("")"},
    {"plain", R"("plain")"},
    {"\"\\/", R"("\"\\/")"},
    {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
    {"\0\x01\x1F\x7F"sv, "\"\\u0000\\u0001\\u001f\x7F\""},
    {"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", "\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""},
    {"\xE2\x80\xA8", "\"\xE2\x80\xA8\""},
    {"\xFF", "\"\xEF\xBF\xBD\""},
    {"a\xE2\x82z", "\"a\xEF\xBF\xBDz\""},
    {"\xC3\xA4\xFF\n\xED\xA0\x80",
     "\"\xC3\xA4\xEF\xBF\xBD\\n\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    {"\xF0\x9F\x98", "\"\xEF\xBF\xBD\""},
};

TEST(writer, escapes) {
    for (const auto& [text, json] : escapes) {
        EXPECT_EQ(text_of(text), json);
    }
}

TEST(writer, escapes_at_every_place_and_length) {
    for (const std::string_view special : {"\"", "\\", "\n", "\x1F", "\xC3\xA4", "\xFF"}) {
        for (std::size_t size = 0; size < 80; ++size) {
            for (std::size_t at = 0; at <= size; ++at) {
                std::string text(size, 'x');
                text.insert(at, special);
                const auto read = mcp::parse_json(text_of(text));
                ASSERT_TRUE(read);
                if (special == "\xFF") {
                    text.replace(at, 1, mcp::utf8_replacement);
                }
                ASSERT_EQ(read->get_string(), text);
            }
        }
    }
}

TEST(writer, writes_numbers_that_read_back) {
    EXPECT_EQ(text_of(std::int64_t{-9223372036854775807 - 1}), "-9223372036854775808");
    EXPECT_EQ(text_of(std::uint64_t{18446744073709551615u}), "18446744073709551615");
    EXPECT_EQ(text_of(static_cast<signed char>(-5)), "-5");
    EXPECT_EQ(text_of(static_cast<unsigned char>(65)), "65");
    EXPECT_EQ(text_of(0.0), "0.0");
    EXPECT_EQ(text_of(-0.0), "-0.0");
    EXPECT_EQ(text_of(3.0), "3.0");
    EXPECT_EQ(text_of(100000.0), "100000.0");
    EXPECT_EQ(text_of(21.5), "21.5");
    EXPECT_EQ(text_of(-0.25), "-0.25");
    EXPECT_EQ(text_of(0.001), "0.001");
    EXPECT_EQ(text_of(-12.034), "-12.034");
    EXPECT_EQ(text_of(0.1), "0.1");
    EXPECT_EQ(text_of(0.1F), "0.1");
    EXPECT_EQ(text_of(16777216.0F), "16777216.0");
    EXPECT_EQ(text_of(1.0 / 3), "0.3333333333333333");
    EXPECT_EQ(text_of(1e22), "1e+22");
    EXPECT_EQ(text_of(5e-324), "5e-324");
    EXPECT_EQ(text_of(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

TEST(writer, writes_doubles_that_read_back) {
    std::mt19937_64 random{1};
    const auto check = [](double number) {
        const auto read = mcp::parse_json(text_of(number));
        ASSERT_TRUE(read);
        ASSERT_EQ(read->kind(), mcp::json_kind::double_);
        ASSERT_EQ(std::bit_cast<std::uint64_t>(read->get_double()),
                  std::bit_cast<std::uint64_t>(number));
    };
    for (int i = 0; i < 20'000; ++i) {
        const auto bits = random();
        if (const auto any = std::bit_cast<double>(bits); std::isfinite(any)) {
            check(any);
        }
        const auto whole = static_cast<double>(static_cast<std::int64_t>(bits) >> (bits % 60));
        for (const double scale : {1.0, 10.0, 100.0, 1000.0, 10000.0}) {
            check(whole / scale);
        }
    }
}

TEST(writer, refuses_what_is_not_finite) {
    std::string out;
    mcp::json_writer w{out};
    EXPECT_THROW(w.value(std::numeric_limits<double>::infinity()), mcp::encode_error);
    EXPECT_THROW(w.value(-std::numeric_limits<float>::infinity()), mcp::encode_error);
    EXPECT_THROW(w.value(std::numeric_limits<double>::quiet_NaN()), mcp::encode_error);
}

TEST(writer, writes_trees) {
    const std::string text =
        R"({"a":[1,-2,18446744073709551615,2.5,true,false,null,"x\n"],"b":{"c":{}},"d":[]})";
    EXPECT_EQ(text_of(*mcp::parse_json(text)), text);
    EXPECT_EQ(text_of(mcp::parse_json(text)->get_object()), text);
    EXPECT_EQ(text_of(mcp::parse_json("[1,[2]]")->get_array()), "[1,[2]]");
}

} // namespace
