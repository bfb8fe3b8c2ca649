#include <mcp/reflect/pattern.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

using word = mcp::matching<"^[a-z]+$">;

TEST(pattern, matches) {
    EXPECT_TRUE(word::admits("abc"));
    EXPECT_FALSE(word::admits("abc1"));
    EXPECT_FALSE(word::admits(""));
    EXPECT_THROW(word{"A"}, std::invalid_argument);
    EXPECT_EQ(word::expectation(), "text that matches ^[a-z]+$");
    EXPECT_TRUE(mcp::pattern{"b"}.admits("abc"));
    EXPECT_FALSE(mcp::pattern{"^b"}.admits("abc"));
}

TEST(pattern, characters_are_code_points) {
    EXPECT_TRUE(mcp::pattern{"^.{2}$"}.admits("é€"));
    EXPECT_TRUE(mcp::pattern{"^[ä€]$"}.admits("€"));
    EXPECT_FALSE(mcp::pattern{"^.{2}$"}.admits("é"));
}

TEST(pattern, long_texts_are_matched) {
    EXPECT_FALSE(mcp::pattern{"^(a+)+$"}.admits(std::string(1 << 20, 'a') + "b"));
    EXPECT_TRUE(word::admits(std::string(1 << 20, 'a')));
}

TEST(pattern, is_judged_while_compiling) {
    static_assert(mcp::pattern{"^[a-z]+\\u00e4(?<n>\\p{L}){2,3}$"}.is_valid());
    static_assert(!mcp::pattern{"^(?=a)"}.is_valid());
    static_assert(!mcp::pattern{"(a)\\1"}.is_valid());
    static_assert(!mcp::pattern{"(a"}.is_valid());
}

TEST(pattern, what_only_re2_can_judge_throws) {
    try {
        (void)mcp::pattern{"\\p{Script=Klingon}"}.admits("a");
        FAIL();
    } catch (const std::invalid_argument& e) {
        EXPECT_TRUE(std::string(e.what()).starts_with("mcp::pattern: the regular expression is"))
            << e.what();
    }
}

struct letter {
    std::string to;
    std::optional<std::string> copy;
    std::vector<mcp::matching<"\\S+@\\S+\\.\\S+">> others;
};

} // namespace

template <>
struct mcp::describe<letter> {
    static constexpr auto members =
        mcp::members(mcp::member<"to">("Whom", mcp::pattern{"^\\S+@\\S+\\.\\S+$"}),
                     mcp::member<"copy">("Whom else", mcp::pattern{"^([a-z]{1,30} ?){1,30}!$"}));
};

namespace {

std::string decoded(const mcp::json& value) {
    const auto read = mcp::decode<letter>(value);
    return read ? "ok" : read.error().what();
}

// The work of all patterns of a value together is bounded, not the length of one text.
TEST(pattern, of_arguments) {
    const std::string mail = "somebody@example.org";
    const std::string much(100'000, 'a');
    const mcp::json_array many(10'000, mcp::json(mail));
    EXPECT_EQ(decoded({{"to", mail}, {"copy", "ab cd!"}, {"others", {mail, mail}}}), "ok");
    EXPECT_EQ(decoded({{"to", mail}, {"others", many}}), "ok");
    EXPECT_EQ(decoded({{"to", much}, {"others", mcp::json_array{}}}),
              "to: expected text that matches ^\\S+@\\S+\\.\\S+$");
    EXPECT_EQ(decoded({{"to", mail}, {"copy", much}, {"others", mcp::json_array{}}}),
              "copy: the value has too much text to match against patterns");
    EXPECT_EQ(decoded({{"to", mail}, {"others", mcp::json_array(100, mcp::json(much + mail))}}),
              "others[13]: the value has too much text to match against patterns");
}

} // namespace
