#include <mcp/schema/validate.hpp>

#include <mcp/json/parse.hpp>
#include <mcp/schema/re2.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace {

using mcp::schema::validator;

mcp::json parsed(std::string_view text) {
    auto value = mcp::parse_json(text);
    EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().what());
    return value ? *value : mcp::json{};
}

/// "ok", the error of the value, or the error of the schema.
std::string outcome(std::string_view schema, std::string_view value) {
    const auto compiled = validator::compile(parsed(schema));
    if (!compiled) {
        return compiled.error().what();
    }
    const auto validated = compiled->validate(parsed(value));
    return validated ? "ok" : validated.error().what();
}

/// One schema, values that conform and values that do not.
struct group {
    std::string_view schema;
    std::initializer_list<std::string_view> good;
    std::initializer_list<std::string_view> bad;
};

void check(std::initializer_list<group> groups) {
    for (const auto& [schema, good, bad] : groups) {
        const auto compiled = validator::compile(parsed(schema));
        ASSERT_TRUE(compiled) << schema << ": " << compiled.error().what();
        for (const std::string_view value : good) {
            const auto validated = compiled->validate(parsed(value));
            EXPECT_TRUE(validated)
                << schema << " should take " << value << ": " << validated.error().what();
        }
        for (const std::string_view value : bad) {
            EXPECT_FALSE(compiled->validate(parsed(value))) << schema << " should refuse " << value;
        }
    }
}

// The areas are those of the JSON-Schema-Test-Suite.

TEST(validate, boolean_schemas) {
    check({{"true", {"1", "null", "{}"}, {}},
           {"false", {}, {"1", "null", "{}"}},
           {"{}", {"1", "null", "[]"}, {}},
           {R"({"properties":{"a":true,"b":false}})",
            {"{}", R"({"a":1})"},
            {R"({"b":1})", R"({"a":1,"b":2})"}}});
}

TEST(validate, type) {
    check({{R"({"type":"integer"})",
            {"1", "-1", "1.0", "1e2", "18446744073709551615", "1e300"},
            {"1.1", "\"1\"", "null", "true", "[]", "{}"}},
           {R"({"type":"number"})", {"1", "1.5"}, {"\"1\"", "null", "true", "[]"}},
           {R"({"type":"string"})", {"\"\"", "\"1\""}, {"1", "null", "[]"}},
           {R"({"type":"object"})", {"{}"}, {"[]", "null", "1"}},
           {R"({"type":"array"})", {"[]"}, {"{}", "null", "\"\""}},
           {R"({"type":"boolean"})", {"true", "false"}, {"0", "1", "\"true\"", "null"}},
           {R"({"type":"null"})", {"null"}, {"0", "false", "\"\"", "[]"}},
           {R"({"type":["integer","string"]})", {"1", "\"a\""}, {"1.5", "null", "[]"}},
           {R"({"type":["array","object","null"]})", {"[]", "{}", "null"}, {"1", "true"}}});
}

TEST(validate, enum_and_const) {
    check({{R"({"enum":[1,2,3]})", {"1", "2.0"}, {"4", "\"1\"", "null"}},
           {R"({"enum":[6,"foo",[],true,{"foo":12}]})",
            {"[]", R"({"foo":12})", R"({"foo":12.0})", "true"},
            {"null", R"({"foo":false})", R"({"foo":12,"boo":42})", "[1]"}},
           {R"({"enum":[false]})", {"false"}, {"0", "[false]", "null"}},
           {R"({"enum":[[0]]})", {"[0]", "[0.0]"}, {"[false]", "0"}},
           {R"({"enum":[]})", {}, {"1"}},
           {R"({"enum":["hello\u0000there"]})", {R"("hello\u0000there")"}, {"\"hellothere\""}},
           {R"({"const":2})", {"2", "2.0"}, {"5", "\"2\"", "true"}},
           {R"({"const":{"foo":"bar","baz":"bax"}})",
            {R"({"baz":"bax","foo":"bar"})"},
            {R"({"foo":"bar"})", R"(["foo","bar"])"}},
           {R"({"const":[{"foo":"bar"}]})", {R"([{"foo":"bar"}])"}, {"[2]", "[1,2,3]", "[]"}},
           {R"({"const":null})", {"null"}, {"0", "false"}},
           {R"({"const":true})", {"true"}, {"1"}},
           {R"({"const":1})", {"1", "1.0"}, {"true"}},
           {R"({"const":-2.0})", {"-2", "-2.0"}, {"2", "-2.00001"}},
           {R"({"const":9007199254740992})",
            {"9007199254740992", "9007199254740992.0"},
            {"9007199254740991", "9007199254740993"}}});
}

TEST(validate, numbers) {
    check({{R"({"minimum":1.1})", {"2.6", "1.1", "\"x\""}, {"0.6", "1"}},
           {R"({"minimum":-2})", {"-1", "0", "-2", "-2.0"}, {"-2.0001", "-3"}},
           {R"({"maximum":3.0})", {"2.6", "3", "3.0", "\"x\""}, {"3.5"}},
           {R"({"exclusiveMinimum":1.1})", {"1.2", "\"x\""}, {"1.1", "0.6"}},
           {R"({"exclusiveMaximum":3})", {"2.2", "\"x\""}, {"3", "3.0", "3.5"}},
           {R"({"maximum":18446744073709551615})", {"18446744073709551615"}, {"1e20"}},
           {R"({"minimum":9007199254740993})", {"9007199254740993"}, {"9007199254740992"}},
           {R"({"multipleOf":2})", {"10", "0", "-4", "\"x\"", "4.0"}, {"7", "2.5"}},
           {R"({"multipleOf":1.5})", {"0", "4.5"}, {"35"}},
           {R"({"multipleOf":0.0001})", {"0.0075"}, {"0.00751"}},
           {R"({"multipleOf":0.01})", {"19.99", "4.02", "0.07"}, {"0.075", "19.995"}},
           {R"({"multipleOf":0.123456789})", {}, {"1e308"}},
           {R"({"multipleOf":0.5})", {"1e308", "18446744073709551615"}, {"0.25"}}});
}

TEST(validate, strings) {
    check({{R"({"minLength":2})", {"\"foo\"", "\"fo\"", "100"}, {"\"f\"", "\"\""}},
           {R"({"minLength":2.0})", {"\"fo\""}, {"\"f\""}},
           {R"({"minLength":2})", {}, {"\"\xF0\x9F\x92\xA9\""}},
           {R"({"maxLength":2})",
            {"\"f\"", "100", "\"\xF0\x9F\x92\xA9\xF0\x9F\x92\xA9\""},
            {"\"foo\""}},
           {R"({"pattern":"^a*$"})", {"\"aaa\"", "\"\"", "true", "{}"}, {"\"abc\""}},
           {R"({"pattern":"a+"})", {"\"xxaayy\""}, {"\"xxyy\""}},
           {R"({"pattern":"^.$"})", {"\"\xC3\xA4\"", "\"\xF0\x9F\x92\xA9\""}, {"\"ab\"", "\"\""}},
           {"{\"pattern\":\"^[\xC3\xA4\xE2\x82\xAC]+$\"}",
            {"\"\xE2\x82\xAC\xC3\xA4\""},
            {"\"\xC3\xB6\""}},
           {R"({"pattern":"^\\u00e4$"})", {"\"\xC3\xA4\""}, {"\"a\""}},
           {R"({"pattern":"^\\d{3}-\\w+$"})",
            {"\"123-ab_9\""},
            {"\"12-ab\"", "\"123-\"", "\"123-\xC3\xA4\""}},
           {R"({"pattern":"^(?:a|b)c\\.(d)$"})", {"\"ac.d\""}, {"\"ccxd\""}},
           {R"({"pattern":"\\/|^#"})", {"\"a/b\"", "\"#\""}, {"\"a\""}}});
}

TEST(validate, arrays) {
    check(
        {{R"({"items":{"type":"integer"}})", {"[1,2,3]", "[]", R"({"foo":"bar"})"}, {"[1,\"x\"]"}},
         {R"({"items":false})", {"[]"}, {"[1]"}},
         {R"({"items":true})", {"[1,\"a\"]"}, {}},
         {R"({"prefixItems":[{"type":"integer"},{"type":"string"}]})",
          {R"([1,"foo"])", "[1]", "[]", R"([1,"foo",true])"},
          {R"(["foo",1])"}},
         {R"({"prefixItems":[{},{}],"items":false})", {"[]", "[1]", "[1,2]"}, {"[1,2,3]"}},
         {R"({"prefixItems":[{"type":"string"}],"items":{"type":"integer"}})",
          {R"(["x",2,3])"},
          {R"(["x","y"])"}},
         {R"({"allOf":[{"prefixItems":[{"minimum":3}]}],"items":{"minimum":5}})",
          {"[5,5]"},
          {"[3,5]"}},
         {R"({"minItems":1})", {"[1,2]", "[1]", "\"\""}, {"[]"}},
         {R"({"maxItems":2})", {"[1]", "[1,2]", "\"foobar\""}, {"[1,2,3]"}},
         {R"({"uniqueItems":true})",
          {"[1,2]", "[]", "[1,true]", "[0,false]", R"([{"foo":1},{"foo":2}])", "[[1],[true]]",
           R"([{"a":1,"b":2},{"a":2,"b":1}])", R"(["a","b","1",1,null,{},[]])", "[[[1]],[[true]]]"},
          {"[1,1]", "[1.0,1.00,1]", R"([{"foo":"bar"},{"foo":"bar"}])", "[[1],[1]]",
           R"([{"a":1,"b":2},{"b":2,"a":1}])", "[1,2,[3],{},[3.0]]", "[null,1,null]"}},
         {R"({"uniqueItems":false})", {"[1,1]"}, {}},
         {R"({"contains":{"minimum":5}})", {"[3,4,5]", "[5,5]", "{}"}, {"[2,3,4]", "[]"}},
         {R"({"contains":false})", {"1"}, {"[1]", "[]"}},
         {R"({"contains":true})", {"[1]"}, {"[]"}},
         {R"({"contains":{"const":1},"minContains":2})",
          {"[1,1]", "[1,2,1]"},
          {"[1]", "[1,2]", "[]"}},
         {R"({"contains":{"const":1},"maxContains":1})", {"[1]", "[1,2]"}, {"[1,1]", "[]", "[2]"}},
         {R"({"contains":{"const":1},"minContains":0})", {"[]", "[2]"}, {}},
         {R"({"contains":{"const":1},"minContains":0,"maxContains":1})", {"[]", "[1]"}, {"[1,1]"}},
         {R"({"minContains":2,"maxContains":0})", {"[]", "[1]"}, {}}});
}

TEST(validate, objects) {
    check(
        {{R"({"properties":{"foo":{"type":"integer"},"bar":{"type":"string"}}})",
          {R"({"foo":1,"bar":"baz"})", R"({"quux":[]})", "[]", "12"},
          {R"({"foo":"a"})", R"({"foo":1,"bar":{}})"}},
         {R"({"properties":{"foo\nbar":{"type":"number"},"a\"b":{"type":"number"},"":{"type":"null"}}})",
          {R"({"foo\nbar":1,"a\"b":2,"":null})"},
          {R"({"foo\nbar":"1"})", R"({"":1})"}},
         {R"({"properties":{"__proto__":{"type":"number"},"constructor":{"type":"number"}}})",
          {"{}", R"({"__proto__":1})"},
          {R"({"constructor":"x"})"}},
         {R"({"required":["foo"]})", {R"({"foo":1})", "[]", "\"\"", "12"}, {R"({"bar":1})", "{}"}},
         {R"({"required":[]})", {"{}"}, {}},
         {R"({"additionalProperties":false,"properties":{"foo":{}},"patternProperties":{"^v":{}}})",
          {R"({"foo":1})", R"({"vroom":1,"foo":2})", "[1]", "{}"},
          {R"({"foo":1,"quux":2})"}},
         {"{\"patternProperties\":{\"^\xC3\xA1\":{}},\"additionalProperties\":false}",
          {"{\"\xC3\xA1rm\":1}"},
          {"{\"\xC3\xA9lm\":1}"}},
         {R"({"additionalProperties":{"type":"boolean"}})",
          {R"({"a":true})", "{}"},
          {R"({"a":1})"}},
         {R"({"allOf":[{"properties":{"foo":{}}}],"additionalProperties":{"type":"boolean"}})",
          {R"({"foo":true})"},
          {R"({"foo":1})"}},
         {R"({"patternProperties":{"f.*o":{"type":"integer"}}})",
          {R"({"foo":1})", R"({"bar":"x"})", "{}", "[]"},
          {R"({"foo":"bar"})", R"({"foo":1,"foooooo":"baz"})"}},
         {R"({"patternProperties":{"[0-9]{2,}":{"type":"boolean"},"X_":{"type":"string"}}})",
          {R"({"answer 1":42})", R"({"a31b":true,"X_":"s"})"},
          {R"({"a31b":null})", R"({"a_X_3":3})"}},
         {R"({"propertyNames":{"maxLength":3}})",
          {R"({"f":{},"foo":{}})", "{}", "[1,2,3,4]", "\"foobar\""},
          {R"({"foo":{},"foobar":{}})"}},
         {R"({"propertyNames":false})", {"{}"}, {R"({"a":1})"}},
         {R"({"minProperties":1})", {R"({"foo":1})", "[]", "\"\"", "12"}, {"{}"}},
         {R"({"maxProperties":2})",
          {"{}", R"({"a":1,"b":2})", "[1,2,3]"},
          {R"({"a":1,"b":2,"c":3})"}},
         {R"({"dependentRequired":{"quux":["foo","bar"]}})",
          {"{}", R"({"foo":1})", R"({"foo":1,"bar":2,"quux":3})", "[\"quux\"]"},
          {R"({"foo":1,"quux":2})", R"({"quux":1})"}},
         {R"({"dependentSchemas":{"bar":{"properties":{"foo":{"type":"integer"}},"required":["foo"]}}})",
          {R"({"foo":1,"bar":2})", R"({"foo":"quux"})", "[\"bar\"]"},
          {R"({"foo":"quux","bar":2})", R"({"bar":2})"}},
         {R"({"dependentSchemas":{"foo":true,"bar":false}})",
          {R"({"foo":1})", "{}"},
          {R"({"bar":1})"}}});
}

TEST(validate, combinations) {
    check({{R"({"allOf":[{"required":["bar"]},{"required":["foo"]}]})",
            {R"({"foo":1,"bar":2})"},
            {R"({"foo":1})", R"({"bar":1})"}},
           {R"({"allOf":[true,false]})", {}, {"1"}},
           {R"({"anyOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5", "3"}, {"1.5"}},
           {R"({"anyOf":[false,false]})", {}, {"1"}},
           {R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", {"1", "2.5"}, {"3", "1.5"}},
           {R"({"oneOf":[true,true,true]})", {}, {"1"}},
           {R"({"not":{"type":"integer"}})", {"\"foo\"", "1.5"}, {"1"}},
           {R"({"not":{"not":{}}})", {"1"}, {}},
           {R"({"not":{"type":["integer","boolean"]}})", {"\"x\""}, {"1", "true"}},
           {R"({"if":{"exclusiveMaximum":0},"then":{"minimum":-10},"else":{"multipleOf":2}})",
            {"-1", "4", "0"},
            {"-100", "3"}},
           {R"({"if":{"const":0}})", {"0", "1"}, {}},
           {R"({"then":{"const":0},"else":{"const":1}})", {"5"}, {}},
           {R"({"if":{"exclusiveMaximum":0},"else":{"multipleOf":2}})", {"-1", "4"}, {"3"}},
           {R"({"if":true,"then":{"const":"then"},"else":{"const":"else"}})",
            {"\"then\""},
            {"\"else\""}},
           {R"({"allOf":[{"multipleOf":2}],"anyOf":[{"multipleOf":3}],"oneOf":[{"multipleOf":5}]})",
            {"30"},
            {"1", "2", "6", "10", "15"}}});
}

TEST(validate, references) {
    check({
        {R"({"properties":{"foo":{"$ref":"#"}},"additionalProperties":false})",
         {R"({"foo":false})", R"({"foo":{"foo":false}})"},
         {R"({"bar":false})", R"({"foo":{"bar":false}})"}},
        {R"({"properties":{"foo":{"type":"integer"},"bar":{"$ref":"#/properties/foo"}}})",
         {R"({"bar":3})"},
         {R"({"bar":true})"}},
        {R"({"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}]})",
         {"[1,2]"},
         {"[1,\"a\"]"}},
        {R"({"$defs":{"tilde~field":{"type":"integer"},"slash/field":{"type":"integer"},"percent%field":{"type":"integer"}},
             "properties":{"tilde":{"$ref":"#/$defs/tilde~0field"},"slash":{"$ref":"#/$defs/slash~1field"},"percent":{"$ref":"#/$defs/percent%25field"}}})",
         {R"({"slash":1,"tilde":1,"percent":1})"},
         {R"({"slash":"a"})", R"({"tilde":"a"})", R"({"percent":"a"})"}},
        {R"({"$defs":{"a":{"type":"integer"},"b":{"$ref":"#/$defs/a"},"c":{"$ref":"#/$defs/b"}},"$ref":"#/$defs/c"})",
         {"5"},
         {"\"a\""}},
        // beside $ref the other keywords count
        {R"({"$defs":{"r":{"type":"array"}},"properties":{"foo":{"$ref":"#/$defs/r","maxItems":2}}})",
         {R"({"foo":[]})"},
         {R"({"foo":[1,2,3]})", R"({"foo":"s"})"}},
        // a member of that name is no reference
        {R"({"properties":{"$ref":{"type":"string"}}})", {R"({"$ref":"a"})"}, {R"({"$ref":2})"}},
        {R"({"properties":{"$ref":{"$ref":"#/$defs/is-string"}},"$defs":{"is-string":{"type":"string"}}})",
         {R"({"$ref":"a"})"},
         {R"({"$ref":2})"}},
        {R"({"$ref":"#/$defs/bool","$defs":{"bool":false}})", {}, {"1"}},
        // trees
        {R"({"$id":"http://localhost:1234/tree","type":"object",
             "properties":{"nodes":{"type":"array","items":{"$ref":"node"}}},"required":["nodes"],
             "$defs":{"node":{"$id":"http://localhost:1234/node","type":"object",
                "properties":{"value":{"type":"number"},"subtree":{"$ref":"tree"}},"required":["value"]}}})",
         {R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":1.1}]}}]})"},
         {R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":"x"}]}}]})", R"({"nodes":[{}]})"}},
        // places without a keyword
        {R"({"$ref":"#/unknown/deep/0","unknown":{"deep":[{"$ref":"#/other"}]},"other":{"type":"null"}})",
         {"null"},
         {"1"}},
        // identifiers
        {R"({"$ref":"#foo","$defs":{"A":{"$anchor":"foo","type":"integer"}}})", {"1"}, {"\"a\""}},
        {R"({"$id":"http://localhost:1234/root","$ref":"http://localhost:1234/nested.json#foo",
             "$defs":{"A":{"$id":"nested.json","$defs":{"B":{"$anchor":"foo","type":"integer"}}}}})",
         {"1"},
         {"\"a\""}},
        {R"({"$id":"http://x.y/a/b.json","$ref":"../c.json","$defs":{"c":{"$id":"/c.json","type":"null"}}})",
         {"null"},
         {"1"}},
        {R"({"$id":"urn:uuid:deadbeef-1234-00ff-ff00-4321feebdaed","properties":{"foo":{"$ref":"urn:uuid:deadbeef-1234-00ff-ff00-4321feebdaed#/$defs/bar"}},
             "$defs":{"bar":{"type":"string"}}})",
         {R"({"foo":"bar"})"},
         {R"({"foo":12})"}},
        // the pointer of an embedded resource starts at it
        {R"({"$ref":"http://x/inner","$defs":{"i":{"$id":"http://x/inner","$ref":"#/$defs/t","$defs":{"t":{"type":"string"}}},"t":{"type":"null"}}})",
         {"\"a\""},
         {"null"}},
    });
}

TEST(validate, dynamic_references) {
    check({
        {R"({"$id":"https://t/1/root","type":"array","items":{"$dynamicRef":"#items"},
             "$defs":{"foo":{"$dynamicAnchor":"items","type":"string"}}})",
         {R"(["foo","bar"])"},
         {R"(["foo",42])"}},
        {R"({"$id":"https://t/2/root","$ref":"list","$defs":{"foo":{"$dynamicAnchor":"items","type":"string"},
             "list":{"$id":"list","type":"array","items":{"$dynamicRef":"#items"},
                "$defs":{"items":{"$dynamicAnchor":"items"}}}}})",
         {R"(["foo","bar"])"},
         {R"(["foo",42])"}},
        // without a dynamic anchor at its first target it is a $ref
        {R"({"$id":"https://t/3/root","$ref":"list","$defs":{"foo":{"$dynamicAnchor":"items","type":"string"},
             "list":{"$id":"list","type":"array","items":{"$dynamicRef":"#items"},
                "$defs":{"items":{"$anchor":"items"}}}}})",
         {R"(["foo","bar"])", R"(["foo",42])"},
         {"1"}},
        // the tree that a stricter one extends
        {R"({"$id":"https://t/strict","$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false,
             "$defs":{"tree":{"$id":"tree","$dynamicAnchor":"node","type":"object",
                "properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}}}})",
         {R"({"children":[{"data":1}]})", R"({"children":[{"children":[]}]})"},
         {R"({"children":[{"daat":1}]})", R"({"daat":1})"}},
    });
}

TEST(validate, unevaluated_properties) {
    check({
        {R"({"unevaluatedProperties":false})", {"{}", "1"}, {R"({"a":1})"}},
        {R"({"unevaluatedProperties":{"minLength":3}})",
         {R"({"a":"foo"})", "{}"},
         {R"({"a":"fo"})"}},
        {R"({"properties":{"foo":{}},"unevaluatedProperties":false})",
         {R"({"foo":1})"},
         {R"({"foo":1,"bar":2})"}},
        {R"({"patternProperties":{"^foo":{}},"unevaluatedProperties":false})",
         {R"({"food":1})"},
         {R"({"food":1,"bar":2})"}},
        {R"({"additionalProperties":true,"unevaluatedProperties":false})", {R"({"a":1})"}, {}},
        {R"({"properties":{"foo":{}},"allOf":[{"properties":{"bar":{}}}],"unevaluatedProperties":false})",
         {R"({"foo":1,"bar":2})"},
         {R"({"foo":1,"bar":2,"baz":3})"}},
        {R"({"properties":{"foo":{}},"anyOf":[{"properties":{"bar":{"const":"bar"}},"required":["bar"]},{"properties":{"baz":{"const":"baz"}},"required":["baz"]}],"unevaluatedProperties":false})",
         {R"({"foo":1,"bar":"bar"})", R"({"foo":1,"bar":"bar","baz":"baz"})"},
         {R"({"foo":1,"bar":"bar","baz":"no"})"}},
        {R"({"properties":{"foo":{}},"not":{"not":{"properties":{"bar":{"const":"bar"}},"required":["bar"]}},"unevaluatedProperties":false})",
         {},
         {R"({"foo":1,"bar":"bar"})"}},
        {R"({"if":{"properties":{"foo":{"const":"then"}},"required":["foo"]},"then":{"properties":{"bar":{}},"required":["bar"]},"else":{"properties":{"baz":{}},"required":["baz"]},"unevaluatedProperties":false})",
         {R"({"foo":"then","bar":1})", R"({"baz":1})"},
         {R"({"foo":"then","bar":1,"baz":2})", R"({"foo":"else","baz":1})"}},
        {R"({"dependentSchemas":{"foo":{"properties":{"bar":{"const":1}}}},"properties":{"foo":{}},"unevaluatedProperties":false})",
         {R"({"foo":1,"bar":1})"},
         {R"({"bar":1})"}},
        {R"({"$ref":"#/$defs/bar","properties":{"foo":{}},"unevaluatedProperties":false,"$defs":{"bar":{"properties":{"bar":{}}}}})",
         {R"({"foo":1,"bar":2})"},
         {R"({"foo":1,"bar":2,"baz":3})"}},
        {R"({"allOf":[{"properties":{"foo":{}},"unevaluatedProperties":true}],"unevaluatedProperties":false})",
         {R"({"foo":1,"bar":2})"},
         {}},
        {R"({"allOf":[{"properties":{"foo":true}},{"unevaluatedProperties":false}]})",
         {"{}"},
         {R"({"foo":1})"}},
        {R"({"properties":{"foo":{"properties":{"bar":{}},"unevaluatedProperties":false}},"unevaluatedProperties":false})",
         {R"({"foo":{"bar":1}})"},
         {R"({"foo":{"bar":1,"x":2}})", R"({"foo":{},"x":1})"}},
    });
}

TEST(validate, unevaluated_items) {
    check({
        {R"({"unevaluatedItems":false})", {"[]", "1"}, {"[1]"}},
        {R"({"items":{"type":"string"},"unevaluatedItems":false})", {R"(["a","b"])"}, {}},
        {R"({"prefixItems":[{"type":"string"}],"unevaluatedItems":false})",
         {R"(["a"])"},
         {R"(["a","b"])"}},
        {R"({"prefixItems":[{"const":"foo"}],"anyOf":[{"prefixItems":[true,{"const":"bar"}]},{"prefixItems":[true,true,{"const":"baz"}]}],"unevaluatedItems":false})",
         {R"(["foo","bar"])", R"(["foo","bar","baz"])"},
         {R"(["foo","bar",42])", R"(["foo","bar","baz",1])"}},
        {R"({"contains":{"multipleOf":2},"unevaluatedItems":{"multipleOf":3}})",
         {"[2,3,4]", "[2,6]"},
         {"[2,5]"}},
        {R"({"allOf":[{"contains":{"multipleOf":2}},{"contains":{"multipleOf":3}}],"unevaluatedItems":{"multipleOf":5}})",
         {"[2,3,4,5,6]"},
         {"[2,3,4,7,8]"}},
        {R"({"if":{"contains":{"const":"a"}},"then":{"if":{"contains":{"const":"b"}}},"unevaluatedItems":false})",
         {"[]", R"(["a","a"])", R"(["a","b","a"])"},
         {R"(["b"])", R"(["a","c"])"}},
        {R"({"$ref":"#/$defs/bar","prefixItems":[{}],"unevaluatedItems":false,"$defs":{"bar":{"prefixItems":[true,{"type":"string"}]}}})",
         {R"([1,"a"])"},
         {R"([1,"a",2])"}},
    });
}

TEST(validate, draft_7) {
    check({
        {R"({"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"integer"},{"type":"string"}],"additionalItems":false})",
         {R"([1,"a"])", "[1]"},
         {R"(["a"])", R"([1,"a",2])"}},
        {R"({"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"bar":["foo"],"x":{"required":["y"]}}})",
         {"{}", R"({"foo":1,"bar":2})", R"({"x":1,"y":2})"},
         {R"({"bar":1})", R"({"x":1})"}},
        {R"({"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"type":"array"}},"properties":{"foo":{"$ref":"#/definitions/a","maxItems":1}}})",
         {R"({"foo":[1,2]})"},
         {R"({"foo":1})"}},
        {R"({"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"$id":"#named","type":"null"}},"$ref":"#named"})",
         {"null"},
         {"1"}},
    });
    check({{R"({"$schema":"https://json-schema.org/draft/2020-12/schema","type":"null"})",
            {"null"},
            {"1"}}});
}

TEST(validate, annotations_are_ignored) {
    check(
        {{R"({"title":1,"description":[],"default":"x","examples":5,"format":"email","contentEncoding":"base64","x-mcp-header":"h","$comment":"c","readOnly":"?"})",
          {"1", "\"not an email\""},
          {}}});
}

struct blamed {
    std::string_view schema;
    std::string_view value;
    std::string_view message;
    std::string_view keyword;
};

constexpr blamed sentences[] = {
    {R"({"type":"string"})", "1", "expected string, got number", "type"},
    {R"({"type":["string","null"]})", "1", "expected string or null, got number", "type"},
    {R"({"type":"integer"})", "1.5", "expected integer, got a fraction", "type"},
    {R"({"enum":["a","b"]})", "1", R"(expected one of ["a","b"])", "enum"},
    {R"({"const":{"a":1}})", "1", R"(expected {"a":1})", "const"},
    {R"({"minimum":3})", "2", "expected at least 3, got 2", "minimum"},
    {R"({"exclusiveMaximum":3})", "3", "expected less than 3, got 3", "exclusiveMaximum"},
    {R"({"multipleOf":3})", "2", "expected a multiple of 3, got 2", "multipleOf"},
    {R"({"minLength":3})", "\"a\"", "expected at least 3 characters, got 1", "minLength"},
    {R"({"maxItems":1})", "[1,2]", "expected at most 1 elements, got 2", "maxItems"},
    {R"({"minProperties":1})", "{}", "expected at least 1 members, got 0", "minProperties"},
    {R"({"pattern":"^a"})", "\"b\"", R"(expected text that matches "^a")", "pattern"},
    {R"({"uniqueItems":true})", "[1,2,1]", "elements 0 and 2 are equal", "uniqueItems"},
    {R"({"required":["a"]})", "{}", R"(member "a" is missing)", "required"},
    {R"({"dependentRequired":{"b":["a"]}})", R"({"b":1})",
     R"(member "a" is missing; member "b" requires it)", "dependentRequired"},
    {R"({"additionalProperties":false})", R"({"a":1})", R"(unknown member "a")",
     "additionalProperties"},
    {R"({"unevaluatedProperties":false})", R"({"a":1})", R"(unknown member "a")",
     "unevaluatedProperties"},
    {R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", "expected at most 1 characters, got 2",
     "maxLength"},
    {R"({"items":false})", "[1]", "[0]: no value is allowed here", "items"},
    {R"({"contains":{"const":1}})", "[]", "expected at least 1 matching elements, got 0",
     "contains"},
    {R"({"anyOf":[{"type":"string"},{"minimum":3}]})", "1",
     "none of 2 alternatives matches: expected string, got number; expected at least 3, got 1",
     "anyOf"},
    {R"({"oneOf":[{},{}]})", "1", "the value matches 2 alternatives, expected one", "oneOf"},
    {R"({"not":{}})", "1", "the value matches a schema that it must not match", "not"},
    {R"({"properties":{"a":{"items":{"properties":{"b c":{"type":"null"}}}}}})",
     R"({"a":[{},{"b c":1}]})", R"(a[1]["b c"]: expected null, got number)", "type"},
};

TEST(validate, blames_a_keyword_in_a_sentence) {
    for (const auto& [schema, value, message, keyword] : sentences) {
        const auto compiled = validator::compile(parsed(schema));
        ASSERT_TRUE(compiled) << schema;
        const auto validated = compiled->validate(parsed(value));
        ASSERT_FALSE(validated) << schema;
        EXPECT_EQ(validated.error().what(), message);
        EXPECT_EQ(validated.error().keyword, keyword) << schema;
    }
}

TEST(validate, says_where_from_a_root) {
    const auto compiled = validator::compile(parsed(R"({"properties":{"a":{"type":"null"}}})"));
    ASSERT_TRUE(compiled);
    EXPECT_EQ(compiled->validate(parsed(R"({"a":1})"), "arguments").error().what(),
              "arguments.a: expected null, got number");
}

TEST(validate, refuses_malformed_schemas) {
    const std::pair<std::string_view, std::string_view> bad[] = {
        {"1", "schema: expected an object or a boolean"},
        {R"({"type":"strin"})", "schema.type: expected a type name or an array of type names"},
        {R"({"type":[]})", "schema.type: expected a type name or an array of type names"},
        {R"({"properties":[]})", "schema.properties: expected an object of schemas"},
        {R"({"properties":{"a":1}})", "schema.properties.a: expected an object or a boolean"},
        {R"({"items":[{}]})", "schema.items: expected an object or a boolean"},
        {R"({"allOf":[]})", "schema.allOf: expected an array of schemas"},
        {R"({"anyOf":[1]})", "schema.anyOf[0]: expected an object or a boolean"},
        {R"({"required":"a"})", "schema.required: expected an array of strings"},
        {R"({"required":[1]})", "schema.required: expected an array of strings"},
        {R"({"minLength":-1})", "schema.minLength: expected a non-negative integer"},
        {R"({"minLength":1.5})", "schema.minLength: expected a non-negative integer"},
        {R"({"minimum":"1"})", "schema.minimum: expected a number"},
        {R"({"multipleOf":0})", "schema.multipleOf: expected a number above 0"},
        {R"({"uniqueItems":1})", "schema.uniqueItems: expected a boolean"},
        {R"({"enum":1})", "schema.enum: expected an array"},
        {R"({"pattern":"("})",
         "schema.pattern: a group is not closed, at offset 1 of the regular expression"},
        {R"({"pattern":"(?<=a)b"})",
         "schema.pattern: look-behind is not supported, at offset 0 of the regular expression"},
        {R"({"properties":{"a":{"pattern":"^(?!x)y?"}}})",
         "schema.properties.a.pattern: look-ahead is not supported, at offset 1 of the regular "
         "expression"},
        {R"({"items":{"pattern":"(a)\\1"}})",
         "schema.items.pattern: back-references are not supported, at offset 3 of the regular "
         "expression"},
        {R"({"patternProperties":{"[":{}}})",
         R"(schema.patternProperties["["]: a [ has no matching ], at offset 0 of the regular )"
         "expression"},
        {R"({"dependentRequired":{"a":{}}})",
         "schema.dependentRequired.a: expected an array of strings"},
        {R"({"$ref":1})", "schema.$ref: expected a string"},
        {R"({"$ref":"#/nowhere"})",
         R"(schema: the reference "#/nowhere" has no target in the schema)"},
        {R"({"items":{"$ref":"#no"}})",
         R"(schema.items: the reference "#no" has no target in the schema)"},
        {R"({"$ref":"https://example.com/s.json"})",
         R"(schema: the reference "https://example.com/s.json" has no target in the schema)"},
        {R"({"$ref":"file:///etc/passwd"})",
         R"(schema: the reference "file:///etc/passwd" has no target in the schema)"},
        {R"({"$ref":"#/enum/0","enum":[5]})",
         R"(schema["schema#/enum/0"]: expected an object or a boolean)"},
        {R"({"$schema":"https://example.com/mine"})",
         R"(schema: unknown dialect "https://example.com/mine"; expected 2020-12 or draft-07)"},
        {R"({"$schema":5})", R"(schema: unknown dialect ""; expected 2020-12 or draft-07)"},
    };
    for (const auto& [schema, message] : bad) {
        const auto compiled = validator::compile(parsed(schema));
        ASSERT_FALSE(compiled) << schema;
        EXPECT_EQ(compiled.error().what(), message);
    }
}

TEST(validate, ends_on_references_in_circles) {
    EXPECT_EQ(outcome(R"({"$ref":"#"})", "1"), "schema and value are nested too deeply");
    EXPECT_EQ(
        outcome(
            R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"})",
            "1"),
        "schema and value are nested too deeply");
    EXPECT_EQ(outcome(R"({"not":{"$ref":"#"}})", "1"), "schema and value are nested too deeply");
    EXPECT_EQ(outcome(R"({"anyOf":[{"$ref":"#"},true]})", "1"),
              "schema and value are nested too deeply");
}

TEST(validate, ends_on_too_much_work) {
    // Each level doubles the work.
    const std::string doubling = outcome(
        R"({"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},
                     "b":{"items":{"$ref":"#/$defs/a"},"minimum":1}},"$ref":"#/$defs/a"})",
        std::string(30, '[') + "0" + std::string(30, ']'));
    EXPECT_TRUE(doubling.ends_with("]: the value takes too long to validate")) << doubling;
    const mcp::schema::validation_limits little{.work = 10};
    const auto compiled = validator::compile(parsed(R"({"items":{"type":"integer"}})"), little);
    ASSERT_TRUE(compiled);
    EXPECT_TRUE(compiled->validate(parsed("[1,2,3]")));
    EXPECT_FALSE(compiled->validate(parsed("[1,2,3,4,5,6,7,8,9,10]")));
}

TEST(validate, matches_in_time) {
    // Patterns that matching by trying takes exponential time on.
    for (const std::string_view pattern :
         {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^(.*)*$b"}) {
        const std::string schema = "{\"pattern\":\"" + std::string{pattern} + "\"}";
        EXPECT_NE(outcome(schema, '"' + std::string(1000, 'a') + "!\""), "ok");
    }
    EXPECT_EQ(outcome(R"({"pattern":"a"})", '"' + std::string(100'000, 'a') + '"'), "ok");
    EXPECT_EQ(outcome(R"({"pattern":"^(.|[^.])*$"})", '"' + std::string(100'000, 'a') + '"'), "ok");
    std::string mails;
    while (mails.size() < 4096) {
        mails += "a@b,";
    }
    EXPECT_EQ(outcome(R"({"pattern":"\\S+@\\S+\\.\\S+"})", '"' + mails + '"'),
              R"(expected text that matches "\S+@\S+\.\S+")");
}

TEST(validate, refuses_patterns_of_too_many_states) {
    for (const std::string_view pattern :
         {"(a{1000}){1000}", "((a{100}){100}){100}", "a{99999999999999999999}", "(a{0,5000})"}) {
        EXPECT_FALSE(validator::compile(mcp::json{{"pattern", pattern}})) << pattern;
    }
    EXPECT_FALSE(validator::compile(mcp::json{{"pattern", std::string(3000, '(')}}));
}

TEST(validate, patterns_need_an_engine) {
    const auto before = mcp::reflect::engine.exchange(nullptr);
    const std::string error = outcome(R"({"properties":{"a":{"pattern":"a"}}})", "{}");
    const std::string other = outcome(R"({"properties":{"a":{"type":"string"}}})", "{}");
    mcp::reflect::engine = before;
    EXPECT_EQ(error, "schema.properties.a.pattern: regular expressions need RE2: include "
                     "<mcp/schema/re2.hpp>");
    EXPECT_EQ(other, "ok");
}

/// How much of `validation_limits::work` it takes to find out what `value` is.
std::size_t work_of(std::string_view schema, const mcp::json& value) {
    const mcp::json parsed_schema = parsed(schema);
    std::size_t least = 0;
    std::size_t most = 1'000'000;
    while (least < most) {
        const std::size_t middle = (least + most) / 2;
        const auto compiled = validator::compile(parsed_schema, {.work = middle});
        const auto outcome = compiled->validate(value);
        const bool enough =
            outcome || outcome.error().message.find("too long") == std::string::npos;
        (enough ? most : least) = enough ? middle : middle + 1;
    }
    return least;
}

/// Values of a given size, whose validation takes time by that size and not by its square.
struct growing {
    std::string_view schema;
    mcp::json (*value)(std::size_t);
};

mcp::json array_of(std::size_t size, auto element) {
    mcp::json_array made;
    for (std::size_t i = 0; i < size; ++i) {
        made.push_back(element(i));
    }
    return made;
}

mcp::json object_of(std::size_t size) {
    mcp::json_object made;
    for (std::size_t i = 0; i < size; ++i) {
        made.emplace("member" + std::to_string(i), i);
    }
    return made;
}

TEST(validate, work_grows_as_the_value_does) {
    const auto numbers = [](std::size_t size) {
        return array_of(size, [](std::size_t i) { return mcp::json(i); });
    };
    // Neighbours beyond 2^53 are the same double.
    const auto large = [](std::size_t size) {
        return array_of(size, [](std::size_t i) { return mcp::json(0xF000000000000000U + i); });
    };
    const auto negative = [](std::size_t size) {
        return array_of(size, [](std::size_t i) {
            return mcp::json(-9'000'000'000'000'000'000 + static_cast<std::int64_t>(i));
        });
    };
    const auto texts = [](std::size_t size) {
        return array_of(size, [](std::size_t i) { return mcp::json(std::to_string(i)); });
    };
    const auto same = [](std::size_t size) {
        return array_of(size, [](std::size_t) { return mcp::json("c"); });
    };
    const auto objects = [](std::size_t size) {
        return array_of(size, [](std::size_t i) { return mcp::json{{"a", i}, {"b", {1, i}}}; });
    };
    const auto text = [](std::size_t size) { return mcp::json(std::string(size * 10, 'a')); };
    const growing rows[] = {
        {R"({"uniqueItems":true})", numbers},
        {R"({"uniqueItems":true})", large},
        {R"({"uniqueItems":true})", negative},
        {R"({"uniqueItems":true})", texts},
        {R"({"uniqueItems":true})", objects},
        {R"({"items":{"type":"integer"},"contains":{"const":1}})", numbers},
        {R"({"unevaluatedItems":{"type":"integer"}})", numbers},
        {R"({"items":{"enum":["a","b","c"]}})", same},
        {R"({"additionalProperties":{"type":"integer"}})", object_of},
        {R"({"patternProperties":{"^member\\d+$":{}},"additionalProperties":false})", object_of},
        {R"({"propertyNames":{"minLength":1}})", object_of},
        {R"({"unevaluatedProperties":{"type":"integer"}})", object_of},
        {R"({"allOf":[{"additionalProperties":true},{"additionalProperties":true}]})", object_of},
        {R"({"pattern":"\\S+@\\S+\\.\\S+"})", text},
        {R"({"pattern":"(a+)+$"})", text},
        {R"({"minLength":1})", text},
    };
    for (const auto& [schema, value] : rows) {
        const std::size_t small = work_of(schema, value(1000));
        const std::size_t twice = work_of(schema, value(2000));
        EXPECT_GT(small, 100U) << schema;
        EXPECT_LE(twice, small * 22 / 10) << schema; // names of members grow by a digit
    }
}

TEST(validate, long_unique_arrays) {
    std::string text = "[0";
    for (int i = 1; i < 20'000; ++i) {
        text += "," + std::to_string(i);
    }
    EXPECT_EQ(outcome(R"({"uniqueItems":true})", text + "]"), "ok");
    EXPECT_EQ(outcome(R"({"uniqueItems":true})", text + ",7.0]"), "elements 7 and 20000 are equal");
}

TEST(validate, may_be_shared_and_outlives_the_schema) {
    auto schema = std::make_unique<mcp::json>(
        parsed(R"({"$ref":"#/$defs/a","$defs":{"a":{"type":"null"}}})"));
    const auto compiled = validator::compile(*schema);
    schema.reset();
    ASSERT_TRUE(compiled);
    const validator copy = *compiled;
    EXPECT_TRUE(copy.validate(nullptr));
    EXPECT_FALSE(copy.validate(1));
}

TEST(validate, a_schema_error_is_thrown_by_value) {
    EXPECT_THROW(validator::compile(mcp::json{{"type", 1}}).value(), std::invalid_argument);
}

} // namespace
