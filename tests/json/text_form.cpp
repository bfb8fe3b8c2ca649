#include <mcp/json/text_form.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Also a range, which is not how it is written.
struct version {
    int major = 0;
    int minor = 0;

    const int* begin() const { return &major; }

    const int* end() const { return &minor + 1; }
};

} // namespace

template <>
struct mcp::text_form<version> {
    static constexpr std::string_view pattern = "^\\d\\.\\d$";

    static std::string what() { return "version such as \"1.0\""; }

    static bool append(std::string& out, const version& v) {
        if (v.major < 0 || v.major > 9 || v.minor < 0 || v.minor > 9) {
            return false;
        }
        out.append(std::to_string(v.major)).append(".").append(std::to_string(v.minor));
        return true;
    }

    static std::optional<version> parse(std::string_view text) {
        return text.size() == 3 && text[1] == '.'
                   ? std::optional{version{text[0] - '0', text[2] - '0'}}
                   : std::nullopt;
    }
};

namespace {

static_assert(mcp::has_text_form<version>);
static_assert(!mcp::has_text_form<std::string> && !mcp::has_text_form<int>);
static_assert(mcp::schema_of<std::vector<version>> ==
              R"({"type":"array","items":{"type":"string","pattern":"^\\d\\.\\d$"}})");

std::string read(std::string_view text) {
    const auto list = mcp::decode<std::vector<version>>(*mcp::parse_json(text));
    return list ? mcp::encode(*list) : list.error().what();
}

TEST(text_form, read_and_written) {
    EXPECT_EQ(read(R"(["1.2","3.4"])"), R"(["1.2","3.4"])");
    EXPECT_EQ(read(R"(["1.2","3"])"), R"([1]: expected version such as "1.0", got "3")");
    EXPECT_EQ(read(R"([1.2])"), R"([0]: expected version such as "1.0", got number)");
}

TEST(text_form, a_value_without_a_text) {
    try {
        mcp::encode(version{10, 0});
        FAIL();
    } catch (const mcp::encode_error& e) {
        EXPECT_STREQ(e.what(), R"(this value cannot be written as a version such as "1.0")");
    }
}

} // namespace
