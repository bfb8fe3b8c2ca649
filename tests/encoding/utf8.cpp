#include <mcp/encoding/utf8.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

struct example {
    std::string_view text;
    std::string_view repaired;
};

constexpr example ill_formed[] = {
    {"\x80", "\xEF\xBF\xBD"}, // continuation alone
    {"\xC0\xAF", "\xEF\xBF\xBD"
                 "\xEF\xBF\xBD"}, // overlong '/'
    {"\xC1\xBF", "\xEF\xBF\xBD"
                 "\xEF\xBF\xBD"}, // overlong
    {"\xE0\x80\xAF", "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"}, // overlong
    {"\xE0\x9F\xBF", "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"}, // overlong
    {"\xF0\x8F\xBF\xBF", "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"}, // overlong
    {"\xED\xA0\x80", "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"}, // surrogate
    {"\xED\xBF\xBF", "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"
                     "\xEF\xBF\xBD"}, // surrogate
    {"\xF4\x90\x80\x80", "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"}, // above U+10FFFF
    {"\xF5\x80\x80\x80", "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"
                         "\xEF\xBF\xBD"}, // no such lead byte
    {"\xFF", "\xEF\xBF\xBD"},             // no such byte
    {"\xC3", "\xEF\xBF\xBD"},             // cut
    {"\xE2\x82", "\xEF\xBF\xBD"},         // cut: one maximal subpart
    {"\xF0\x9F\x98", "\xEF\xBF\xBD"},     // cut
    {"\xF0\x9F\x98 x", "\xEF\xBF\xBD"
                       " x"}, // interrupted
    {"a\xE2\x82z", "a"
                   "\xEF\xBF\xBD"
                   "z"}, // interrupted
    {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\xEF\xBF\xBD"
                                             "\xEF\xBF\xBD"
                                             "\xEF\xBF\xBD"
                                             "\xEF\xBF\xBD"
                                             "A"}, // [Unicode 15 §3.9, table 3-11]
    {"plain text before \xFF and after it", "plain text before "
                                            "\xEF\xBF\xBD"
                                            " and after it"},
};

TEST(utf8, finds_what_is_ill_formed) {
    for (const auto& [text, repaired] : ill_formed) {
        EXPECT_FALSE(mcp::is_utf8(text));
        std::string out;
        mcp::append_utf8_repaired(out, text);
        EXPECT_EQ(out, repaired);
        EXPECT_TRUE(mcp::is_utf8(out));
    }
}

TEST(utf8, finds_it_at_every_place) {
    for (std::size_t before = 0; before < 20; ++before) {
        const std::string text = std::string(before, 'x') + "\xFF" + std::string(20, 'y');
        EXPECT_EQ(mcp::find_invalid_utf8(text), before);
    }
}

TEST(utf8, accepts_every_code_point) {
    std::string text;
    for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point < 0xD800 || point > 0xDFFF) {
            text.clear();
            mcp::append_utf8(text, point);
            ASSERT_TRUE(mcp::is_utf8(text)) << point;
            // Cut short it must not pass, and must be one U+FFFD.
            if (text.size() > 1) {
                std::string repaired;
                mcp::append_utf8_repaired(repaired,
                                          std::string_view{text}.substr(0, text.size() - 1));
                ASSERT_EQ(repaired, mcp::utf8_replacement) << point;
            }
        }
    }
}

TEST(utf8, has_no_text_for_surrogates_and_beyond) {
    for (const std::uint32_t point : {0xD800u, 0xDFFFu, 0x110000u, 0xFFFFFFFFu}) {
        std::string out;
        mcp::append_utf8(out, point);
        EXPECT_EQ(out, mcp::utf8_replacement);
    }
}

TEST(utf8, a_byte_order_mark_is_left_out) {
    EXPECT_EQ(mcp::without_byte_order_mark("\xEF\xBB\xBF{}"), "{}");
    EXPECT_EQ(mcp::without_byte_order_mark("\xEF\xBB\xBF"), "");
    EXPECT_EQ(mcp::without_byte_order_mark("\xEF\xBB{}"), "\xEF\xBB{}");
    EXPECT_EQ(mcp::without_byte_order_mark("{}\xEF\xBB\xBF"), "{}\xEF\xBB\xBF");
    EXPECT_EQ(mcp::without_byte_order_mark(""), "");
}

} // namespace
