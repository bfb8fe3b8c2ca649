#include <mcp/reflect/regex.hpp>

#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace {

using mcp::reflect::regex;

/// An expression, texts that contain a match and texts that do not.
struct row {
    std::string_view expression;
    std::initializer_list<std::string_view> good;
    std::initializer_list<std::string_view> bad;
};

using namespace std::string_view_literals;

TEST(regex, means_what_ecmascript_means) {
    const row rows[] = {
        {"", {"", "a"}, {}},
        {"b", {"abc"}, {"ac", ""}},
        {"^b$", {"b"}, {"ab", "bc", "b\n", "\nb", "a\nb\nc"}},
        {"^(a|bc)*$", {"", "abca"}, {"b"}},
        {"^(?:a|)$", {"", "a"}, {"b"}},
        {"a*?b", {"aab"}, {"aa"}},
        // The dot is a character, and no line terminator.
        {"^.$", {"a", "\xC3\xA4", "\xF0\x9F\x92\xA9", "\t", "\x0B"}, {"", "ab"}},
        {"^.$", {"\0"sv, "\xC2\x85"}, {"\n", "\r", "\xE2\x80\xA8", "\xE2\x80\xA9"}},
        // Sets: d and w of ASCII, s of Unicode.
        {"^\\d$", {"0", "9"}, {"a", "\xD9\xA0"}},
        {"^\\D$", {"a", "\xD9\xA0"}, {"0"}},
        {"^\\w$", {"a", "Z", "_", "0"}, {"-", "\xC3\xA4"}},
        {"^\\W$", {"-", "\xC3\xA4"}, {"a", "_"}},
        {"^\\s$",
         {" ", "\t", "\n", "\v", "\f", "\r", "\xC2\xA0", "\xEF\xBB\xBF", "\xE2\x80\x83",
          "\xE2\x80\xA8", "\xE3\x80\x80"},
         {"a", "", "\xE2\x80\x8B", "\xC2\x85"}},
        {"^\\S$", {"a", "\xE2\x80\x8B", "\0"sv}, {" ", "\v", "\xC2\xA0", "\xEF\xBB\xBF"}},
        {"^[\\s\\d]$", {" ", "\v", "\xC2\xA0", "1"}, {"a"}},
        {"^[\\S]$", {"a", "\xC3\xA4"}, {" ", "\v", "\xC2\xA0"}},
        {"^[^\\S]$", {" ", "\v", "\xC2\xA0"}, {"a"}},
        {"^[^\\s@]+@[^\\s@]+$", {"a@b"}, {"a b@c", "a@", "a\xC2\xA0@b"}},
        {"^[^\\W\\d]$", {"a", "_"}, {"1", "-"}},
        {"\\bcat\\b", {"a cat", "cat-like"}, {"concat", "cats"}},
        {"o\\Bo", {"foo"}, {"o o"}},
        // Escapes.
        {"^\\t\\n\\v\\f\\r$", {"\t\n\v\f\r"}, {"tnvfr"}},
        {"^\\0$", {"\0"sv}, {"0"}},
        {"^\\cJ\\cj$", {"\n\n"}, {"cJcj"}},
        {"^\\x41\\xe4$", {"A\xC3\xA4"}, {"x41"}},
        {"^\\u00e4\\u00E4$", {"\xC3\xA4\xC3\xA4"}, {"a"}},
        {"^\\ud83d\\udca9$", {"\xF0\x9F\x92\xA9"}, {""}},
        {"^[\\ud83d\\udca8-\\ud83d\\udcaa]$", {"\xF0\x9F\x92\xA9"}, {"\xF0\x9F\x92\xAB"}},
        {"^\\u{1F4a9}\\u{41}$", {"\xF0\x9F\x92\xA9\x41"}, {"A"}},
        {"^[\\u4e00-\\u9fa5]+$", {"\xE4\xB8\xAD\xE6\x96\x87"}, {"a"}},
        {"\\ud83d", {}, {"\xF0\x9F\x92\xA9", "a"}},
        {"^\\/\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\^\\$\\\\\\-$", {"/.*+?()[]{}|^$\\-"}, {"/"}},
        {"^\\_\\@\\\"\\'\\:$", {"_@\"':"}, {"\\_"}},
        {"^\xC3\xA4\\\xC3\xA4$", {"\xC3\xA4\xC3\xA4"}, {"a"}},
        // Classes.
        {"^[a-c]$", {"a", "b"}, {"d", "-"}},
        {"^[a-]$", {"a", "-"}, {"b"}},
        {"^[-a]$", {"a", "-"}, {"b"}},
        {"^[\\w.-]+$", {"a.b-c"}, {"a b"}},
        {"^[\\w-.]+$", {"a.b-c"}, {"a,b"}},
        {"^[.-\\w]+$", {"a.b-c"}, {"a,b"}},
        {"^[a-z-9]$", {"m", "-", "9"}, {"5"}},
        {"^[\\]]$", {"]"}, {"["}},
        {"^[[]$", {"["}, {":"}},
        {"^[[:alpha:]]$", {"[]", "a]", ":]"}, {"b]", "a"}},
        {"^[\\b]$", {"\b"}, {"b"}},
        {"^[(*+?|$.^]$", {"(", "*", "^", "$"}, {"a"}},
        {"[]", {}, {"", "a"}},
        {"^[^]$", {"a", "\n", "\xF0\x9F\x92\xA9"}, {"", "ab"}},
        {"^[^a]$", {"b", "\n"}, {"a"}},
        {"^[\xC3\xA4-\xC3\xB6]$", {"\xC3\xA5"}, {"\xC3\xA3"}},
        // Groups, whose names nobody asks for.
        {"^(?<year>\\d{4})-(?<m>\\d\\d)$", {"2026-07"}, {"26-07"}},
        {"^(?i:abc)d$", {"ABCd"}, {"ABCD"}},
        // Repetition, and braces that are none.
        {"^a{2}$", {"aa"}, {"a", "aaa"}},
        {"^a{2,}$", {"aa", "aaa"}, {"a"}},
        {"^a{1,2}?$", {"a", "aa"}, {"", "aaa"}},
        {"^a{0}$", {""}, {"a"}},
        {"^\\${a}{,5}x{$", {"${a}{,5}x{"}, {"$a"}},
        {"^a]}$", {"a]}"}, {"a"}},
        {"^.{1,1000}$", {"a"}, {""}},
        // Properties.
        {"^\\p{L}+$", {"a\xC3\xA4\xD0\x96"}, {"1"}},
        {"^\\p{Lu}\\p{Lowercase_Letter}$", {"\xC3\x84\xC3\xA4"}, {"aa"}},
        {"^\\p{General_Category=Nd}\\p{gc=Letter}$", {"1a"}, {"a1"}},
        {"^\\P{L}$", {"1"}, {"a"}},
        {"^[\\p{L}\\p{N}_-]+$", {"\xC3\xA4-1"}, {"a b"}},
        {"^\\p{Script=Greek}+$", {"\xCE\xB1"}, {"a"}},
        {"^\\p{sc=Cyrillic}$", {"\xD0\x96"}, {"a"}},
        {"^\\p{ASCII}$", {"a"}, {"\xC3\xA4"}},
        {"^\\P{ASCII}\\p{Any}$", {"\xC3\xA4\n"}, {"a"}},
    };
    for (const auto& [expression, good, bad] : rows) {
        const auto compiled = regex::compile(expression);
        ASSERT_TRUE(compiled) << expression << ": " << compiled.error().message;
        for (const std::string_view text : good)
            EXPECT_TRUE(compiled->matches(text)) << expression << " in " << text;
        for (const std::string_view text : bad)
            EXPECT_FALSE(compiled->matches(text)) << expression << " in " << text;
    }
}

TEST(regex, refuses_with_a_sentence) {
    const auto at = [](std::size_t offset) {
        return ", at offset " + std::to_string(offset) + " of the regular expression";
    };
    const std::pair<std::string_view, std::string> rows[] = {
        {"^(?=a)", "look-ahead is not supported" + at(1)},
        {"^(?!x)y?", "look-ahead is not supported" + at(1)},
        {"(?<=a)b", "look-behind is not supported" + at(0)},
        {"(?<!a)b", "look-behind is not supported" + at(0)},
        {"(a)\\1", "back-references are not supported" + at(3)},
        {"(?<n>a)\\k<n>", "back-references are not supported" + at(7)},
        {"(?i)a", "this (?...) construct is not supported" + at(0)},
        {"(?P<n>a)", "this (?...) construct is not supported" + at(0)},
        {"(?>a)", "this (?...) construct is not supported" + at(0)},
        {"(?<n", "the name of a group has no closing >" + at(0)},
        {"(", "a group is not closed" + at(1)},
        {"a)", "a ) has no matching (" + at(1)},
        {"a[b", "a [ has no matching ]" + at(1)},
        {"[a-", "a [ has no matching ]" + at(0)},
        {"[a\\", "the expression ends with a backslash" + at(2)},
        {"[^", "a [ has no matching ]" + at(0)},
        {"a\\", "the expression ends with a backslash" + at(1)},
        {"*a", "a quantifier has nothing to repeat" + at(0)},
        {"a|+", "a quantifier has nothing to repeat" + at(2)},
        {"^*", "a quantifier has nothing to repeat" + at(1)},
        {"\\b+", "a quantifier has nothing to repeat" + at(2)},
        {"a**", "a quantifier has nothing to repeat" + at(2)},
        {"a++", "a quantifier has nothing to repeat" + at(2)},
        {"a{2}{3}", "a quantifier has nothing to repeat" + at(4)},
        {"({2})", "a quantifier has nothing to repeat" + at(1)},
        {"a{3,2}", "the limits of a repetition are in the wrong order" + at(1)},
        {"a{1001}", "a repetition exceeds 1000" + at(1)},
        {"(a{30}){40}", "a repetition exceeds 1000" + at(7)},
        {"a{99999999999999999999999}", "a repetition exceeds 1000" + at(1)},
        {"[z-a]", "the ends of a range are in the wrong order" + at(1)},
        {"[\\B]", "\\B is not allowed in a class" + at(1)},
        {"\\07", "octal escapes are not supported" + at(0)},
        {"\\xg0", "\\x needs two hexadecimal digits" + at(0)},
        {"\\u12", "\\u needs four hexadecimal digits, or hexadecimal digits in braces" + at(0)},
        {"\\u{110000}", "\\u{...} needs the hexadecimal number of a character" + at(0)},
        {"\\u{}", "\\u{...} needs the hexadecimal number of a character" + at(0)},
        {"\\c1", "\\c needs a letter" + at(0)},
        {"\\Aa\\Z", "ECMAScript does not define this escape" + at(0)},
        {"\\pL", "\\p needs a property in braces" + at(0)},
        {"\xC3", "the expression is not valid UTF-8" + at(0)},
        {"\xA4", "the expression is not valid UTF-8" + at(0)},
        {"a\xC0\x80", "the expression is not valid UTF-8" + at(1)},
        {"[\xFF\xB3\xB3\xB3]", "the expression is not valid UTF-8" + at(1)},
    };
    for (const auto& [expression, sentence] : rows) {
        const auto compiled = regex::compile(expression);
        ASSERT_FALSE(compiled) << expression;
        EXPECT_EQ(compiled.error().message, sentence) << expression;
    }
    for (const std::string_view property :
         {"\\p{Emoji}", "\\p{Greek}", "\\p{}", "\\P{Any}", "\\p{Script=}", "\\p{Script=a}b}"})
        EXPECT_FALSE(regex::compile(property)) << property;
    EXPECT_EQ(regex::compile("\\p{Script=Klingon}").error().message,
              "the regular expression is not supported: invalid character class range: "
              "\\p{Klingon}");
    EXPECT_FALSE(regex::compile("\\p{L}{1000}")) << "more than RE2 takes memory for";
    EXPECT_FALSE(regex::compile(std::string(3000, '(')));
}

TEST(regex, effort_is_linear_in_the_text) {
    struct {
        std::string_view expression;
        std::size_t positions;
    } const rows[] = {
        {"", 1},
        {"abc", 4},
        {"^[a-z]+$", 2},
        {"\\S+@\\S+\\.\\S+", 6},
        {"(ab){3}", 7},
        {"(a{2}|b){3,5}", 16},
        {"([a-z]{1,30} ?){1,30}!", 932},
        {"a{3,}", 4},
    };
    for (const auto& [expression, positions] : rows) {
        const auto compiled = regex::compile(expression);
        ASSERT_TRUE(compiled) << expression;
        EXPECT_EQ(compiled->effort(0), 1U);
        EXPECT_EQ(compiled->effort(800), 1 + 100 * positions) << expression;
        EXPECT_EQ(compiled->effort(8000), 1 + 1000 * positions) << expression;
    }
}

/// Each of these kept a matcher that tries one way after the other busy for minutes.
TEST(regex, hostile_texts_end) {
    std::string mails;
    while (mails.size() < 4U << 20U)
        mails += "a@b,";
    EXPECT_FALSE(regex::compile("\\S+@\\S+\\.\\S+")->matches(mails));
    EXPECT_FALSE(regex::compile("([a-z]{1,30} ?){1,30}!")->matches(std::string(1 << 16, 'a')));
    EXPECT_FALSE(regex::compile("^(a+)+$")->matches(std::string(1 << 20, 'a') + 'b'));
    EXPECT_FALSE(regex::compile("(a|aa)+$")->matches(std::string(1 << 20, 'a') + 'b'));
    EXPECT_TRUE(regex::compile("^(.|[^.])*$")->matches(std::string(1 << 20, 'a')));
}

} // namespace
