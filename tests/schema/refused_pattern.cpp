#include <mcp/schema/refused_pattern.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/reflect/regex.hpp>
#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

TEST(refused_pattern, table) {
    // `@` stands for an expression that RE2 refuses as too large.
    constexpr std::string_view refusal =
        "the regular expression is not supported: pattern too large - compile failed";
    struct row {
        std::string schema;
        bool refused;
    };
    for (const row& each : {
             row{R"({"pattern":"@"})", true},
             row{R"({"pattern":"a"})", false},
             row{R"s({"pattern":"(?=a)"})s", false}, // other checks report the syntax
             row{R"({"pattern":["@"]})", false},
             row{R"({"properties":{"a":{"pattern":"@"}}})", true},
             row{R"({"properties":{"pattern":{"pattern":"@"}}})", true},
             row{R"({"properties":{"default":{"pattern":"@"}}})", true},
             row{R"({"patternProperties":{"a":{"pattern":"@"}}})", true},
             row{R"({"dependentSchemas":{"a":{"pattern":"@"}}})", true},
             row{R"({"dependencies":{"a":["@"],"b":{"pattern":"@"}}})", true},
             row{R"({"$defs":{"a":{"pattern":"@"}}})", true},
             row{R"({"definitions":{"a":{"pattern":"@"}}})", true},
             row{R"({"items":{"pattern":"@"}})", true},
             row{R"({"items":[{},{"pattern":"@"}]})", true},
             row{R"({"prefixItems":[{},{"pattern":"@"}]})", true},
             row{R"({"anyOf":[{"pattern":"a"},{"pattern":"@"}]})", true},
             row{R"({"not":{"pattern":"@"}})", true},
             row{R"({"if":true,"then":{"pattern":"@"}})", true},
             row{R"({"else":{"additionalProperties":{"pattern":"@"}}})", true},
             row{R"({"default":{"pattern":"@"}})", false},
             row{R"({"const":{"pattern":"@"}})", false},
             row{R"({"enum":[{"pattern":"@"}]})", false},
             row{R"({"examples":[{"pattern":"@"}]})", false},
             row{R"({"x-note":{"pattern":"@"}})", false},
             row{R"("@")", false},
             row{"true", false},
         }) {
        std::string text = each.schema;
        if (const auto at = text.find("\"pattern\":\"@\""); at != text.npos)
            text.replace(text.find('@', at), 1, R"(\\p{L}{1000})");
        EXPECT_EQ(mcp::schema::refused_pattern(*mcp::parse_json(text)), each.refused ? refusal : "")
            << text;
    }
}

TEST(refused_pattern, needs_an_engine) {
    const auto engine = mcp::reflect::engine.exchange(nullptr);
    EXPECT_EQ(mcp::schema::refused_pattern(*mcp::parse_json(R"({"pattern":"\\p{L}{1000}"})")), "");
    mcp::reflect::engine = engine;
}
