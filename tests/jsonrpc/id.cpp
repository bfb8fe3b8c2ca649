#include <mcp/jsonrpc/id.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <unordered_set>

namespace {

using mcp::jsonrpc::id;

/// The text of the id in `json_text`, or "none".
std::string through(std::string_view json_text) {
    const auto read = id::from(mcp::parse_json(json_text).value());
    return read ? std::string{read->text()} : "none";
}

TEST(id, goes_back_exactly_as_it_came) {
    for (const char* same :
         {"1", "0", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
          R"("1")", R"("")", R"("abc")", R"("with \"quotes\" and \\")", "\"\xE4\xB8\x96\"",
          R"("null")", R"("1.0")"}) {
        EXPECT_EQ(through(same), same);
    }
}

TEST(id, takes_whole_numbers_in_other_clothes) {
    EXPECT_EQ(through("3.0"), "3");
    EXPECT_EQ(through("-0.0"), "0");
    EXPECT_EQ(through("1e3"), "1000");
    EXPECT_EQ(through(R"("\u0041")"), R"("A")");
}

TEST(id, takes_nothing_else) {
    for (const char* bad : {"null", "true", "1.5", "1e300", "-1e300", "[]", "[1]", "{}"}) {
        EXPECT_EQ(through(bad), "none") << bad;
    }
}

TEST(id, tells_a_number_from_a_string) {
    EXPECT_NE(id{1}, id{std::string_view{"1"}});
    EXPECT_EQ(id{1}, id{1});
    EXPECT_EQ(id{1}.text(), "1");
    EXPECT_EQ(id{std::string_view{"1"}}.text(), "\"1\"");
    std::unordered_set<id> seen{id{1}, id{std::string_view{"1"}}, id{1}};
    EXPECT_EQ(seen.size(), 2u);
}

TEST(id, may_be_absent) {
    EXPECT_FALSE(id{});
    EXPECT_EQ(id{}.text(), "");
    EXPECT_TRUE(id{0});
    EXPECT_TRUE(id{std::string_view{}});
    EXPECT_EQ(id::from_text("7"), id{7});
}

} // namespace
