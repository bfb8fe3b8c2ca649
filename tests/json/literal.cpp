#include <mcp/json/literal.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

namespace {

struct disc {
    mcp::literal<"disc"> kind;
    double size;
};

struct square {
    mcp::literal<"square"> kind;
    double size;
};

struct untagged {
    std::string kind;
    double size;
};

using figure = std::variant<disc, square>;

static_assert(mcp::schema_of<mcp::literal<"a\"b">> == R"({"type":"string","const":"a\"b"})");
static_assert(
    mcp::schema_of<figure> ==
    R"({"oneOf":[{"type":"object","properties":{"kind":{"type":"string","const":"disc"},)"
    R"("size":{"type":"number"}},"required":["kind","size"],"additionalProperties":false},)"
    R"({"type":"object","properties":{"kind":{"type":"string","const":"square"},)"
    R"("size":{"type":"number"}},"required":["kind","size"],"additionalProperties":false}]})");
static_assert(mcp::schema_of<std::variant<disc, untagged>>.starts_with(R"({"anyOf":)"));
static_assert(mcp::schema_of<std::variant<disc, disc>>.starts_with(R"({"anyOf":)"));

TEST(literal, tells_alternatives_apart) {
    const struct {
        std::string_view json;
        std::string_view result;
    } rows[] = {
        {R"({"kind":"disc","size":1})", R"({"kind":"disc","size":1.0})"},
        {R"({"kind":"square","size":2})", R"({"kind":"square","size":2.0})"},
        {R"({"kind":"star","size":2})", "none of 2 alternatives matches: expected \"disc\", got "
                                        "\"star\"; expected \"square\", got \"star\""},
        {R"({"size":2})", "none of 2 alternatives matches: member \"kind\" is missing; member "
                          "\"kind\" is missing"},
        {R"({"kind":1,"size":2})", "none of 2 alternatives matches: expected \"disc\", got number; "
                                   "expected \"square\", got number"},
    };
    for (const auto& [json, result] : rows) {
        const auto got = mcp::decode<figure>(*mcp::parse_json(json));
        EXPECT_EQ(got ? mcp::encode(*got) : got.error().message, result) << json;
    }
}

TEST(literal, is_its_text) {
    constexpr mcp::literal<"disc"> kind;
    static_assert(kind.text == "disc" && std::string_view{kind} == "disc");
    EXPECT_EQ(mcp::encode(square{{}, 1}), R"({"kind":"square","size":1.0})");
}

} // namespace
