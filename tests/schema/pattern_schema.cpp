#include <mcp/reflect/pattern.hpp>
#include <mcp/schema/elicitation_schema_of.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

namespace {

struct search {
    std::string region;
    mcp::matching<"^\\d+$"> code;
};

} // namespace

template <>
struct mcp::describe<search> {
    static constexpr auto members =
        mcp::members(mcp::member<"region">("Where", mcp::pattern{"^[a-z]+$"}));
};

namespace {

static_assert(mcp::schema_of<mcp::matching<"^[a-z\\d]\"+$">> ==
              R"({"type":"string","pattern":"^[a-z\\d]\"+$"})");

TEST(pattern_schema, of_members) {
    EXPECT_EQ(mcp::schema_of<search>,
              R"({"type":"object","properties":{)"
              R"("region":{"type":"string","description":"Where","pattern":"^[a-z]+$"},)"
              R"("code":{"type":"string","pattern":"^\\d+$"}},)"
              R"("required":["region","code"],"additionalProperties":false})");
}

// Forms have no patterns [MCP 2025-11-25 client/elicitation]; decoding the answer checks them.
TEST(pattern_schema, not_in_forms) {
    EXPECT_EQ(mcp::elicitation_schema_of<search>,
              R"({"type":"object","properties":{)"
              R"("region":{"type":"string","description":"Where"},"code":{"type":"string"}},)"
              R"("required":["region","code"]})");
}

} // namespace
