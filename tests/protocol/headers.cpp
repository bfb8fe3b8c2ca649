#include <mcp/protocol/headers.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using mcp::decode_header_value;
using mcp::encode_header_value;

TEST(headers, encodes_as_the_specification_shows) {
    const std::pair<std::string_view, const char*> table[] = {
        {"us-west1", "us-west1"},
        {"Hello, \xE4\xB8\x96\xE7\x95\x8C", "=?base64?SGVsbG8sIOS4lueVjA==?="},
        {" padded ", "=?base64?IHBhZGRlZCA=?="},
        {"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
        {"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
        {"=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?="},
        {"a b\tc", "a b\tc"},
        {"\ta", "=?base64?CWE=?="},
        {"a\r\nX: y", "=?base64?YQ0KWDogeQ==?="},
        {std::string_view{"\0", 1}, "=?base64?AA==?="},
        {"\x7F", "=?base64?fw==?="},
        {"=?base64?x", "=?base64?x"},
        {"", ""},
    };
    for (const auto& [value, field] : table) {
        EXPECT_EQ(encode_header_value(value), field);
        EXPECT_EQ(decode_header_value(field), value);
    }
}

TEST(headers, decodes_strictly) {
    for (const char* bad : {
             "=?base64?SGVsbG8?=",   // no padding
             "=?base64?SGVsbG8==?=", // too much
             "=?base64?SGVs bG8=?=", // a space
             "=?base64?SGVsbG8*?=",  // not of the alphabet
             "=?base64?SGVsbG-_?=",  // of the other alphabet
             "=?base64?SGVsbG9=?=",  // bits left over
             "=?base64?=SGVsbG8?=",  // padding in front
             "=?base64?gICA?=",      // not UTF-8
             "caf\xC3\xA9",          // not ASCII
             "a\nb",                 // a control character
             " a",                   // not trimmed
             "a\x7F",
         }) {
        EXPECT_EQ(decode_header_value(bad), std::nullopt) << bad;
    }
}

TEST(headers, the_sentinel_is_case_sensitive) {
    EXPECT_EQ(decode_header_value("=?BASE64?SGVs?="), "=?BASE64?SGVs?=");
    EXPECT_EQ(decode_header_value("=?base64?SGVs"), "=?base64?SGVs");
    EXPECT_EQ(decode_header_value("=?base64?"
                                  "?="),
              "");
}

TEST(headers, names_what_a_request_deals_with) {
    const auto params = wire::parsed(R"({"name":"n","uri":"u","taskId":"t","n":1})");
    const auto of = [&](const char* method) { return mcp::mcp_name(method, params.if_object()); };
    EXPECT_EQ(of("tools/call"), "n");
    EXPECT_EQ(of("prompts/get"), "n");
    EXPECT_EQ(of("resources/read"), "u");
    EXPECT_EQ(of("tasks/get"), "t");
    EXPECT_EQ(of("tools/list"), std::nullopt);
    EXPECT_EQ(of("server/discover"), std::nullopt);
    const auto wrong = wire::parsed(R"({"name":5})");
    EXPECT_EQ(mcp::mcp_name("tools/call", wrong.if_object()), std::nullopt);
    EXPECT_EQ(mcp::mcp_name("tools/call", nullptr), std::nullopt);
}

mcp::header_parameters find(const char* schema) {
    return mcp::find_header_parameters(wire::parsed(schema));
}

TEST(headers, finds_parameters) {
    const auto found = find(R"({"type":"object","properties":{
        "region":{"type":"string","x-mcp-header":"Region"},
        "query":{"type":"string"},
        "x-mcp-header":{"type":"string"},
        "limits":{"type":"object","properties":{
            "max":{"type":"integer","x-mcp-header":"Max-Rows"}}},
        "dry":{"type":["boolean","null"],"x-mcp-header":"Dry",
            "default":{"x-mcp-header":"not a schema"}}}})");
    EXPECT_EQ(found.error, "");
    ASSERT_EQ(found.list.size(), 3u);
    EXPECT_EQ(found.list[0].field, "Mcp-Param-Region");
    EXPECT_EQ(found.list[0].path, std::vector<std::string>{"region"});
    EXPECT_EQ(found.list[1].field, "Mcp-Param-Max-Rows");
    EXPECT_EQ(found.list[1].path, (std::vector<std::string>{"limits", "max"}));
    EXPECT_EQ(found.list[2].kind, mcp::header_parameter::type::boolean);
    for (const char* none : {"{}", "true", R"({"type":"object","properties":{"a":true}})",
                             R"({"properties":[]})", R"({"enum":[{"x-mcp-header":"A"}]})"}) {
        EXPECT_TRUE(find(none).list.empty()) << none;
        EXPECT_EQ(find(none).error, "") << none;
    }
}

TEST(headers, refuses_schemas_that_break_a_rule) {
    const char* const table[] = {
        R"({"properties":{"a":{"type":"string","x-mcp-header":""}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":5}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"My Region"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"A:B"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"A\r\nX"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"R\u00e9gion"}}})",
        R"({"properties":{"a":{"type":"number","x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":"object","x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":"array","x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":"null","x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":["string","integer"],"x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"x-mcp-header":"A"}}})",
        R"({"properties":{"a":{"type":"string","x-mcp-header":"A"},
            "b":{"type":"string","x-mcp-header":"a"}}})",
        R"({"type":"string","x-mcp-header":"A"})",
        R"({"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}})",
        R"({"properties":{"a":{"anyOf":[{"type":"string","x-mcp-header":"A"}]}}})",
        R"({"allOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]})",
        R"({"$defs":{"a":{"type":"string","x-mcp-header":"A"}}})",
        R"({"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}})",
        R"({"additionalProperties":{"type":"string","x-mcp-header":"A"}})",
        R"({"patternProperties":{"^a":{"type":"string","x-mcp-header":"A"}}})",
        R"({"properties":{"ok":{"type":"string","x-mcp-header":"Ok"},
            "a":{"not":{"type":"string","x-mcp-header":"A"}}}})",
    };
    for (const char* schema : table) {
        const auto found = find(schema);
        EXPECT_NE(found.error, "") << schema;
        EXPECT_TRUE(found.list.empty()) << schema;
    }
}

TEST(headers, a_schema_without_end_is_refused) {
    std::string deep;
    for (int i = 0; i < 60; ++i) {
        deep += R"({"not":)";
    }
    deep += "{}" + std::string(60, '}');
    EXPECT_EQ(find(deep.c_str()).error, "");
    mcp::json nested = mcp::json_object{};
    for (int i = 0; i < 1000; ++i) {
        mcp::json_object outer;
        outer["not"] = std::move(nested);
        nested = std::move(outer);
    }
    EXPECT_NE(mcp::find_header_parameters(nested).error, "");
}

constexpr const char* tool = R"({"properties":{
    "s":{"type":"string","x-mcp-header":"S"},
    "i":{"type":"integer","x-mcp-header":"I"},
    "b":{"type":"boolean","x-mcp-header":"B"},
    "o":{"type":"object","properties":{"s":{"type":"string","x-mcp-header":"O"}}}}})";

TEST(headers, gives_what_a_client_sends) {
    const auto list = find(tool).list;
    const auto arguments = wire::parsed(R"({"s":" x","i":42.0,"b":false,"o":{"s":"deep"}})");
    EXPECT_EQ(list.at(0).value(arguments.if_object()), " x");
    EXPECT_EQ(list.at(1).value(arguments.if_object()), "42");
    EXPECT_EQ(list.at(2).value(arguments.if_object()), "false");
    EXPECT_EQ(list.at(3).value(arguments.if_object()), "deep");
    const auto absent = wire::parsed(R"({"s":null,"i":9007199254740992,"b":"true","o":"s"})");
    for (const auto& one : list) {
        EXPECT_EQ(one.value(absent.if_object()), std::nullopt) << one.field;
        EXPECT_EQ(one.value(nullptr), std::nullopt) << one.field;
    }
}

TEST(headers, checks_what_a_server_gets) {
    struct row {
        std::size_t which;
        const char* arguments;
        std::optional<std::string_view> field;
        const char* wrong; // nullptr if right
    };
    const row table[] = {
        {0, R"({"s":"x"})", "x", nullptr},
        {0, R"({"s":"x"})", "=?base64?eA==?=", nullptr},
        {0, R"({"s":"x"})", "X", "Mcp-Param-S does not match the body"},
        {0, R"({"s":"x"})", std::nullopt, "Mcp-Param-S is missing"},
        {0, R"({"s":"x"})", "=?base64?eA?=", "Mcp-Param-S has an invalid encoding"},
        {0, R"({"s":"x"})", "\xE9", "Mcp-Param-S has an invalid encoding"},
        {0, R"({"s":""})", "", nullptr},
        {0, "{}", std::nullopt, nullptr},
        {0, "{}", "x", "Mcp-Param-S is present, but its argument is missing"},
        {0, R"({"s":null})", std::nullopt, nullptr},
        {0, R"({"s":null})", "null", "Mcp-Param-S is present, but its argument is missing"},
        {1, R"({"i":42})", "42", nullptr},
        {1, R"({"i":42})", "42.0", nullptr},
        {1, R"({"i":42.0})", "42", nullptr},
        {1, R"({"i":-7})", "-7", nullptr},
        {1, R"({"i":42})", "42.5", "Mcp-Param-I does not match the body"},
        {1, R"({"i":42})", "042", nullptr},
        {1, R"({"i":42})", "4 2", "Mcp-Param-I does not match the body"},
        {1, R"({"i":42})", "", "Mcp-Param-I does not match the body"},
        {2, R"({"b":true})", "true", nullptr},
        {2, R"({"b":true})", "True", "Mcp-Param-B does not match the body"},
        {2, R"({"b":true})", "1", "Mcp-Param-B does not match the body"},
        {3, R"({"o":{"s":"y"}})", "y", nullptr},
        {3, R"({"o":{"s":"y"},"s":"z"})", "z", "Mcp-Param-O does not match the body"},
    };
    const auto list = find(tool).list;
    for (const row& r : table) {
        const auto arguments = wire::parsed(r.arguments);
        const auto wrong = list.at(r.which).check(arguments.if_object(), r.field);
        EXPECT_EQ(wrong.value_or(""), r.wrong ? r.wrong : "") << r.arguments;
    }
}

} // namespace
