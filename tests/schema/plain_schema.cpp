#include <mcp/schema/plain_schema.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace {

std::string plain(std::string_view schema) {
    return mcp::encode(mcp::schema::plain_schema(*mcp::parse_json(schema)));
}

TEST(plain_schema, table) {
    struct row {
        std::string_view schema;
        std::string_view plain;
    } const rows[] = {
        {R"({"type":"object"})", R"({"type":"object","properties":{}})"},
        {R"({"type":"object","properties":{"a":{"type":"string","minLength":1}},)"
         R"("required":["a"],"additionalProperties":false})",
         R"({"type":"object","properties":{"a":{"type":"string","minLength":1}},)"
         R"("required":["a"],"additionalProperties":false})"},
        // References are written out; what stands beside them wins.
        {R"({"properties":{"a":{"$ref":"#/$defs/p","description":"A"},"b":{"$ref":"#/$defs/p"}},)"
         R"("$defs":{"p":{"type":"integer","description":"P"}}})",
         R"({"properties":{"a":{"type":"integer","description":"A"},)"
         R"("b":{"type":"integer","description":"P"}}})"},
        {R"({"properties":{"a":{"$ref":"#/definitions/p"}},"definitions":{"p":{"$ref":)"
         R"("#/definitions/q"},"q":{"type":"integer"}}})",
         R"({"properties":{"a":{"type":"integer"}}})"},
        {R"({"properties":{"a":{"type":"integer"},"b":{"$ref":"#/properties/a"}}})",
         R"({"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}})"},
        // Recursive ones stay.
        {R"({"properties":{"next":{"$ref":"#"}}})", R"({"properties":{"next":{"$ref":"#"}}})"},
        {R"({"properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n"}},)"
         R"("$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}}}}})",
         R"({"properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n"}},)"
         R"("$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"}}}}})"},
        // Of a circle only one.
        {R"({"properties":{"a":{"$ref":"#/$defs/x"},"b":{"$ref":"#/$defs/y"}},)"
         R"("$defs":{"x":{"items":{"$ref":"#/$defs/y"}},"y":{"not":{"$ref":"#/$defs/x"}}}})",
         R"({"properties":{"a":{"$ref":"#/$defs/x"},"b":{"not":{"$ref":"#/$defs/x"}}},)"
         R"("$defs":{"x":{"items":{"not":{"$ref":"#/$defs/x"}}}}})"},
        {R"({"properties":{"a":{"$ref":"#/$defs/x~1y"}},)"
         R"("$defs":{"x/y":{"items":{"$ref":"#/$defs/x~1y"}}}})",
         R"({"properties":{"a":{"$ref":"#/$defs/x_1y"}},)"
         R"("$defs":{"x_1y":{"items":{"$ref":"#/$defs/x_1y"}}}})"},
        // What both say of values holds.
        {R"({"properties":{"a":{"$ref":"#/$defs/p","properties":{"c":{}},"title":"A"}},)"
         R"("$defs":{"p":{"properties":{"b":{}},"title":"P"}}})",
         R"({"properties":{"a":{"properties":{"c":{}},"title":"A",)"
         R"("allOf":[{"properties":{"b":{}},"title":"P"}]}}})"},
        {R"({"properties":{"a":{"$ref":"#/$defs/p","minimum":2,"allOf":[{"maximum":9}]}},)"
         R"("$defs":{"p":{"minimum":1}}})",
         R"({"properties":{"a":{"minimum":2,"allOf":[{"minimum":1},{"maximum":9}]}}})"},
        // References that lead elsewhere stay, with what they need.
        {R"({"properties":{"a":{"$ref":"https://x/y"},"b":{"oneOf":[{},{"type":"null"}]}},)"
         R"("$defs":{"p":{}}})",
         R"({"properties":{"a":{"$ref":"https://x/y"},"b":{"anyOf":[{},{"type":"null"}]}},)"
         R"("$defs":{"p":{}}})"},
        {R"({"properties":{"a":{"$ref":"#p"}},"$defs":{"p":{"$anchor":"p"}}})",
         R"({"properties":{"a":{"$ref":"#p"}},"$defs":{"p":{"$anchor":"p"}}})"},
        // Alternatives.
        {R"({"properties":{"a":{"oneOf":[{"type":"integer"},{"type":"string"}]}}})",
         R"({"properties":{"a":{"anyOf":[{"type":"integer"},{"type":"string"}]}}})"},
        {R"({"properties":{"a":{"description":"Unit","oneOf":[{"const":"c","title":"Celsius"},)"
         R"({"const":"k","title":"Kelvin"}]}}})",
         R"({"properties":{"a":{"description":"Unit. c: Celsius; k: Kelvin","enum":["c","k"]}}})"},
        {R"({"properties":{"a":{"const":1}}})", R"({"properties":{"a":{"enum":[1]}}})"},
        // Tuples.
        {R"({"properties":{"a":{"prefixItems":[{"type":"integer"},{"type":"string"}],)"
         R"("items":false,"minItems":2}}})",
         R"({"properties":{"a":{"minItems":2,"maxItems":2,)"
         R"("items":{"anyOf":[{"type":"integer"},{"type":"string"}]}}}})"},
        {R"({"properties":{"a":{"prefixItems":[{"type":"integer"},{"type":"integer"}],)"
         R"("items":false}}})",
         R"({"properties":{"a":{"maxItems":2,"items":{"type":"integer"}}}})"},
        {R"({"properties":{"a":{"prefixItems":[{"type":"integer"}],"items":{"type":"null"}}}})",
         R"({"properties":{"a":{"items":{"anyOf":[{"type":"integer"},{"type":"null"}]}}}})"},
        {R"({"properties":{"a":{"prefixItems":[{"type":"integer"}]}}})",
         R"({"properties":{"a":{}}})"},
        {R"({"properties":{"a":{"items":false}}})", R"({"properties":{"a":{"maxItems":0}}})"},
        {R"({"properties":{"a":{"prefixItems":[{"type":"integer"}],"unevaluatedItems":false}}})",
         R"({"properties":{"a":{}}})"},
        // Where a looser schema would refuse more, none becomes looser.
        {R"({"not":{"oneOf":[{"type":"integer"},{"minimum":1}]},"if":{"properties":{"a":{)"
         R"("prefixItems":[{"type":"null"}]}}},"contains":{"oneOf":[{},{"const":1}]},"maxContains":1})",
         R"({"not":{"oneOf":[{"type":"integer"},{"minimum":1}]},"if":{"properties":{"a":{)"
         R"("prefixItems":[{"type":"null"}]}}},"contains":{"oneOf":[{},{"enum":[1]}]},"maxContains":1,)"
         R"("properties":{}})"},
        // A malformed keyword stays.
        {R"({"properties":{"a":{"anyOf":[{"enum":7}]}}})",
         R"({"properties":{"a":{"anyOf":[{"enum":7}]}}})"},
        // What only looks like a schema stays.
        {R"({"properties":{"a":{"default":{"oneOf":[1],"$ref":"x"},"enum":[{"const":1}],)"
         R"("examples":[{"items":false}]},"$ref":{"type":"string"},"oneOf":{"type":"string"}}})",
         R"({"properties":{"a":{"default":{"oneOf":[1],"$ref":"x"},"enum":[{"const":1}],)"
         R"("examples":[{"items":false}]},"$ref":{"type":"string"},"oneOf":{"type":"string"}}})"},
    };
    for (const auto& [schema, wanted] : rows)
        EXPECT_EQ(mcp::schema::plain_schema(*mcp::parse_json(schema)), *mcp::parse_json(wanted))
            << schema << " became " << plain(schema);
}

/// 2^30 places: not written out.
TEST(plain_schema, does_not_grow_without_end) {
    std::string schema = R"({"properties":{"a":{"$ref":"#/$defs/d0"}},"$defs":{)";
    for (int i = 0; i < 30; ++i) {
        const std::string next = R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + R"("})";
        schema += R"("d)" + std::to_string(i) + R"(":{"properties":{"l":)" + next + R"(,"r":)" +
                  next + "}},";
    }
    schema += R"("d30":{}}})";
    EXPECT_EQ(plain(schema), schema);
}

struct point {
    double x, y;
};
struct node {
    std::string name;
    std::vector<node> below;
};
enum class unit { celsius, kelvin };
struct all {
    point a, b;
    std::tuple<int, std::string> pair;
    std::variant<int, std::string> either;
    std::optional<node> tree;
    std::map<std::string, point> places;
    std::set<unit> units;
};

} // namespace

template <>
struct mcp::describe<unit> {
    static constexpr auto members =
        mcp::members(mcp::member<"celsius">("Degrees"), mcp::member<"kelvin">("Absolute"));
};

namespace {

TEST(plain_schema, of_types) {
    const mcp::json made = mcp::schema::plain_schema(*mcp::parse_json(mcp::schema_of<all>));
    const std::string text = mcp::encode(made);
    EXPECT_EQ(text.find("oneOf"), std::string::npos) << text;
    EXPECT_EQ(text.find("\"const\""), std::string::npos) << text;
    EXPECT_EQ(text.find("prefixItems"), std::string::npos) << text;
    EXPECT_EQ(text.find("\"items\":false"), std::string::npos) << text;
    EXPECT_EQ(text.find("$defs/point"), std::string::npos) << text;
    EXPECT_NE(text.find("$defs/node"), std::string::npos) << text;
    EXPECT_NE(text.find("celsius: Degrees; kelvin: Absolute"), std::string::npos) << text;
    const auto compiled = mcp::schema::validator::compile(made);
    ASSERT_TRUE(compiled) << compiled.error().message;
    const auto good = compiled->validate(*mcp::parse_json(
        R"({"a":{"x":1,"y":2},"b":{"x":1,"y":2},"pair":[1,"a"],"either":"a",)"
        R"("tree":{"name":"a","below":[{"name":"b","below":[]}]},"places":{"p":{"x":1,"y":2}},)"
        R"("units":["kelvin"]})"));
    EXPECT_TRUE(good) << good.error().what();
}

} // namespace
