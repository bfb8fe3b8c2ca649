#include <mcp/schema/absent_nulls.hpp>

#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace absent_nulls_test {

TEST(absent_nulls, are_where_absence_is_allowed_and_null_is_not) {
    constexpr std::string_view schema = R"({"type":"object","required":["must","may_be_null"],
        "$defs":{"name":{"type":"string"},"name_or_null":{"type":["string","null"]}},
        "properties":{
            "must":{"type":"string"},
            "may_be_null":{"type":["string","null"]},
            "text":{"type":"string"},
            "number":{"type":"integer","default":7},
            "nullable":{"type":["string","null"]},
            "any":{},
            "named":{"$ref":"#/$defs/name"},
            "named_or_null":{"$ref":"#/$defs/name_or_null"},
            "choice":{"anyOf":[{"type":"string"},{"type":"null"}]},
            "listed":{"enum":["a","b"]},
            "nothing":{"const":null},
            "inner":{"type":"object","required":["must"],"properties":{
                "must":{"type":"string"},"text":{"$ref":"#/$defs/name"},"nullable":{}}},
            "list":{"type":"array","items":{"type":"string"}}}})";
    const struct {
        std::string_view given;
        std::string_view taken; ///< "as it is" if nothing is left out
    } table[] = {
        {R"({"text":null})", "{}"},
        {R"({"a":1,"text":null,"number":null,"b":2,"c":3})", R"({"a":1,"b":2,"c":3})"},
        {R"({"named":null,"listed":null,"inner":null,"list":null})", "{}"},
        {R"({"text":null,"nullable":null})", R"({"nullable":null})"},
        {R"({"inner":{"text":null,"nullable":null,"must":null}})",
         R"({"inner":{"nullable":null,"must":null}})"},
        {R"({"must":null})", "as it is"},
        {R"({"may_be_null":null,"nullable":null,"any":null,"named_or_null":null})", "as it is"},
        {R"({"choice":null,"nothing":null})", "as it is"},
        {R"({"unknown":null})", "as it is"},
        {R"({"list":[null]})", "as it is"},
        {R"({"text":"","inner":{}})", "as it is"},
        {"{}", "as it is"},
        {"null", "as it is"},
        {"[null]", "as it is"},
    };
    const mcp::schema::absent_nulls nulls{mcp::parse_json(schema).value()};
    for (const auto& [given, taken] : table) {
        const auto without = nulls.without(mcp::parse_json(given).value());
        EXPECT_EQ(without ? mcp::encode(*without) : "as it is", taken) << given;
    }
}

TEST(absent_nulls, odd_schemas) {
    const std::string_view table[] = {
        "true",
        "{}",
        R"({"properties":7})",
        R"({"properties":{"a":{"$ref":"#/properties/b"},"b":{"type":"string"}}})",
        R"({"properties":{"a":{"$ref":"#/nowhere"}}})",
    };
    for (const std::string_view schema : table) {
        const mcp::schema::absent_nulls nulls{mcp::parse_json(schema).value()};
        EXPECT_FALSE(nulls.without(mcp::parse_json(R"({"x":null})").value())) << schema;
    }
    std::string deep = R"({"type":"string"})";
    for (int i = 0; i < 40; ++i)
        deep = R"({"properties":{"a":)" + deep + "}}";
    const mcp::schema::absent_nulls nulls{mcp::parse_json(deep, {.depth = 200}).value()};
    EXPECT_FALSE(nulls.without(mcp::parse_json(R"({"a":{"a":null}})").value()));
}

} // namespace absent_nulls_test
