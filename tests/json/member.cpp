#include <mcp/json/member.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace member_test {

std::string found(std::string_view text, std::string_view key) {
    const mcp::json value = mcp::parse_json(text).value();
    const mcp::json_view member = mcp::find_member(value, key);
    return member ? std::string(member.is_number() ? "number" : "value") : "absent";
}

TEST(member, null_is_absent) {
    EXPECT_EQ(found(R"({"a":1})", "a"), "number");
    EXPECT_EQ(found(R"({"a":false})", "a"), "value");
    EXPECT_EQ(found(R"({"a":[]})", "a"), "value");
    EXPECT_EQ(found(R"({"a":null})", "a"), "absent");
    EXPECT_EQ(found(R"({"a":1})", "b"), "absent");
    EXPECT_FALSE(mcp::find_member({}, "a"));
}

TEST(member, an_empty_array_is_an_empty_object) {
    const struct {
        std::string_view text;
        int members; ///< -1: no object
    } table[] = {
        {"{}", 0}, {R"({"a":null})", 1}, {"[]", 0}, {"[1]", -1}, {"null", -1},
        {"7", -1}, {"\"\"", -1},
    };
    for (const auto& [text, members] : table) {
        const mcp::json value = mcp::parse_json(text).value();
        const mcp::json_view object = mcp::find_members(value);
        EXPECT_EQ(object ? static_cast<int>(object.size()) : -1, members) << text;
    }
}

} // namespace member_test
