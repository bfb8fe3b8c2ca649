#include <mcp/protocol/tools.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <vector>

namespace {

using mcp::revision;
using mcp::tool_definition;
using mcp::tool_result;

tool_definition full() {
    tool_definition t{"get_weather", "The weather", R"({"type":"object","properties":{}})"};
    t.title = "Weather";
    t.output_schema = R"({"type":"object"})";
    t.hints = mcp::read_only | mcp::open_world;
    t.icons = {mcp::icon{"data:,"}};
    t.meta["a/b"] = 1;
    return t;
}

TEST(tools, definition_by_revision) {
    wire::expect_written(
        full(),
        {R"({"name":"get_weather","description":"The weather",)"
         R"("inputSchema":{"type":"object","properties":{}}})",
         R"({"name":"get_weather","description":"The weather",)"
         R"("inputSchema":{"type":"object","properties":{}},)"
         R"("annotations":{"title":"Weather","readOnlyHint":true,"openWorldHint":true}})",
         R"({"name":"get_weather","title":"Weather","description":"The weather",)"
         R"("inputSchema":{"type":"object","properties":{}},"outputSchema":{"type":"object"},)"
         R"("annotations":{"readOnlyHint":true,"openWorldHint":true},"_meta":{"a/b":1}})",
         R"({"name":"get_weather","title":"Weather","description":"The weather",)"
         R"("inputSchema":{"type":"object","properties":{}},"outputSchema":{"type":"object"},)"
         R"("annotations":{"readOnlyHint":true,"openWorldHint":true},)"
         R"("icons":[{"src":"data:,"}],"_meta":{"a/b":1}})",
         nullptr});
}

TEST(tools, minimal_definition) {
    wire::expect_written(tool_definition{"t", "", R"({"type":"object"})"},
                         {R"({"name":"t","inputSchema":{"type":"object"}})"});
}

TEST(tools, output_of_any_kind_is_for_modern_peers) {
    for (const char* schema : {R"({"type":"integer"})", R"({"type":["object","null"]})", "true",
                               R"({"$ref":"#/$defs/x"})", R"({"anyOf":[]})"}) {
        tool_definition t{"t", "", "{}"};
        t.output_schema = schema;
        const std::string with =
            R"({"name":"t","inputSchema":{},"outputSchema":)" + std::string{schema} + "}";
        const char* without = R"({"name":"t","inputSchema":{}})";
        wire::expect_written(t, {without, without, without, without, with.c_str()});
    }
}

TEST(tools, definition_round_trip) {
    const auto text = wire::written(full(), mcp::latest);
    const auto read = mcp::read_tool_definition(wire::parsed(text));
    ASSERT_TRUE(read);
    EXPECT_EQ(wire::written(*read, mcp::latest), text);
}

TEST(tools, the_title_of_2025_03_26_is_read_from_the_annotations) {
    const auto old = mcp::read_tool_definition(
        wire::parsed(R"({"name":"t","inputSchema":{},"annotations":{"title":"T"}})"));
    EXPECT_EQ(old.value().title, "T");
    const auto both = mcp::read_tool_definition(
        wire::parsed(R"({"name":"t","title":"U","inputSchema":{},"annotations":{"title":"T"}})"));
    EXPECT_EQ(both.value().title, "U");
}

TEST(tools, refuses_definitions) {
    for (const char* bad :
         {"[1]", R"({"name":"t"})", R"({"inputSchema":{}})", R"({"name":"t","inputSchema":true})",
          R"({"name":"t","inputSchema":{},"annotations":[1]})",
          R"({"name":"t","inputSchema":{},"annotations":{"readOnlyHint":"yes"}})"}) {
        EXPECT_FALSE(mcp::read_tool_definition(wire::parsed(bad))) << bad;
    }
}

TEST(tools, null_members_of_a_definition_are_absent) {
    const auto read = mcp::read_tool_definition(
        wire::parsed(R"({"name":"t","title":null,"description":null,"inputSchema":{},
                         "outputSchema":null,"annotations":null,"icons":null,"_meta":null})"));
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->hints.empty());
    EXPECT_TRUE(read->output_schema.empty());
    EXPECT_TRUE(
        mcp::read_tool_definition(wire::parsed(R"({"name":"t","inputSchema":[],"annotations":[],
                         "_meta":[]})")));
}

TEST(tools, hints_combine) {
    constexpr auto all = mcp::additive | mcp::idempotent | mcp::closed_world | mcp::read_only;
    static_assert(*all.read_only && !*all.destructive && *all.idempotent && !*all.open_world);
    static_assert((mcp::destructive | mcp::additive) == mcp::additive);
    static_assert(mcp::tool_hints{}.empty() && !mcp::read_only.empty());
    tool_definition t{"t", "", "{}"};
    t.hints = all;
    EXPECT_EQ(wire::written(t, mcp::latest),
              R"({"name":"t","inputSchema":{},"annotations":{"readOnlyHint":true,)"
              R"("destructiveHint":false,"idempotentHint":true,"openWorldHint":false}})");
}

TEST(tools, text_result_by_revision) {
    wire::expect_each(
        {R"({"content":[{"type":"text","text":"5"}]})", nullptr, nullptr, nullptr,
         R"({"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s"}},)"
         R"("content":[{"type":"text","text":"5"}]})"},
        [](revision r) {
            return wire::written(tool_result{"5"}, r, std::string_view{R"({"name":"s"})"});
        });
}

TEST(tools, structured_object_by_revision) {
    tool_result result;
    result.structured = R"({"a":"b"})";
    wire::expect_written(
        result, {R"({"content":[{"type":"text","text":"{\"a\":\"b\"}"}]})", nullptr,
                 R"({"content":[{"type":"text","text":"{\"a\":\"b\"}"}],)"
                 R"("structuredContent":{"a":"b"}})",
                 nullptr,
                 R"({"resultType":"complete","content":[{"type":"text","text":"{\"a\":\"b\"}"}],)"
                 R"("structuredContent":{"a":"b"}})"});
}

TEST(tools, structured_value_of_any_kind_is_for_modern_peers) {
    tool_result result;
    result.structured = "[1]";
    wire::expect_written(
        result, {R"({"content":[{"type":"text","text":"[1]"}]})", nullptr, nullptr, nullptr,
                 R"({"resultType":"complete","content":[{"type":"text","text":"[1]"}],)"
                 R"("structuredContent":[1]})"});
}

/// What peers may send is limited; what the program makes is not.
TEST(tools, a_structured_value_may_be_large_and_deep) {
    std::string wide = "{\"k\":0";
    for (int i = 0; i < 20'000; ++i)
        wide += ",\"k" + std::to_string(i) + "\":0";
    const std::string deep = R"({"a":)" + std::string(100, '[') + std::string(100, ']') + '}';
    for (const std::string& text : {wide + '}', deep}) {
        tool_result result{"one"};
        result.structured = text;
        EXPECT_NE(wire::written(result, mcp::latest).find(text), std::string::npos);
    }
}

TEST(tools, an_output_schema_may_be_deep) {
    tool_definition t{"t", "", "{}"};
    std::string deep = "{}";
    for (int i = 0; i < 100; ++i)
        deep = R"({"items":)" + deep + '}';
    t.output_schema = R"({"type":"object","additionalProperties":)" + deep + '}';
    for (const mcp::revision r : {mcp::revision::v2025_06_18, mcp::latest})
        EXPECT_NE(wire::written(t, r).find(t.output_schema), std::string::npos);
}

TEST(tools, own_content_replaces_the_mirror) {
    tool_result result{"one"};
    result.structured = "1";
    EXPECT_EQ(wire::written(result, mcp::latest),
              R"({"resultType":"complete","content":[{"type":"text","text":"one"}],)"
              R"("structuredContent":1})");
}

TEST(tools, empty_and_failed_results) {
    wire::expect_written(tool_result{}, {R"({"content":[]})", nullptr, nullptr, nullptr,
                                         R"({"resultType":"complete","content":[]})"});
    EXPECT_EQ(wire::written(tool_result::error("no"), revision::v2025_11_25),
              R"({"content":[{"type":"text","text":"no"}],"isError":true})");
}

TEST(tools, result_round_trip) {
    const char* const text =
        R"({"resultType":"complete","_meta":{"k":1},"content":[{"type":"text","text":"a"}],)"
        R"("structuredContent":[1,"x"],"isError":true})";
    const auto read = mcp::read_tool_result(wire::parsed(text));
    ASSERT_TRUE(read);
    EXPECT_EQ(wire::written(*read, mcp::latest), text);
    EXPECT_FALSE(mcp::read_tool_result(wire::parsed("{}")));
    EXPECT_FALSE(mcp::read_tool_result(wire::parsed(R"({"content":[],"isError":1})")));
}

TEST(tools, errors_can_be_thrown) {
    const mcp::tool_error words{"no rain today"};
    EXPECT_STREQ(words.what(), "no rain today");
    EXPECT_TRUE(words.result().is_error);
    EXPECT_EQ(*words.result().content.at(0).if_text(), "no rain today");

    const mcp::tool_error rich{tool_result{std::vector<mcp::content>{"a", "b"}}};
    EXPECT_TRUE(rich.result().is_error);
    EXPECT_EQ(rich.result().content.size(), 2u);
}

TEST(tools, names) {
    for (const char* good : {"a", "get_weather", "admin.tools/list", "a-b", "A1", "0"}) {
        EXPECT_TRUE(mcp::is_tool_name(good)) << good;
    }
    EXPECT_TRUE(mcp::is_tool_name(std::string(64, 'a')));
    EXPECT_FALSE(mcp::is_tool_name(std::string(65, 'a')));
    for (const char* bad : {"", " ", "a b", "a,b", "\xC3\xA9", "a\n", "a:b"}) {
        EXPECT_FALSE(mcp::is_tool_name(bad)) << bad;
    }
}

} // namespace
