#include <mcp/server/raw_tool.hpp>

#include <mcp/reflect/regex.hpp>
#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace raw_tool_test {

using mcp::revision;
using test::peer;

mcp::tool_definition definition(std::string output_schema,
                                std::string input_schema = R"({"type":"object"})") {
    mcp::tool_definition made("t", "", std::move(input_schema));
    made.output_schema = std::move(output_schema);
    return made;
}

constexpr const char* count_schema =
    R"({"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]})";

/// What adding a tool of these schemas throws; empty if nothing.
template <class Handler>
std::string added(mcp::tool_definition what, Handler handler) {
    mcp::server server("test", "1");
    try {
        server.tool(std::move(what), std::move(handler));
        return {};
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
}

TEST(raw_tool, schemas_are_judged_when_it_is_added) {
    const auto any = [](const mcp::json& given) { return given; };
    EXPECT_EQ(added(definition(count_schema), any), "");
    EXPECT_EQ(added(definition(R"({"type":"array"})"), any), "");
    EXPECT_EQ(added(definition(""), any), "");
    EXPECT_TRUE(added(definition("{"), any).starts_with("tool t: the output schema is not JSON: "));
    EXPECT_EQ(added(definition("7"), any),
              "tool t: output schema: expected an object or a boolean");
    EXPECT_EQ(added(definition(R"({"type":"strnig"})"), any),
              "tool t: output schema.type: expected a type name or an array of type names");
    EXPECT_EQ(added(definition("", R"({"type":"object","required":1})"), any),
              "tool t: input schema.required: expected an array of strings");
    EXPECT_EQ(added(definition("", "true"), any),
              "tool t: the input schema must have \"type\":\"object\"");
    // This file does not include an engine, others of the program may.
    const auto engine = mcp::reflect::engine.exchange(nullptr);
    EXPECT_EQ(added(definition("", R"({"type":"object","properties":{"a":{"pattern":"a"}}})"), any),
              "tool t: input schema.properties.a.pattern: regular expressions need RE2: include "
              "<mcp/schema/re2.hpp>");
    mcp::reflect::engine = engine;
    EXPECT_EQ(added(definition(R"s({"pattern":"(?=a)"})s"), any),
              "tool t: output schema.pattern: look-ahead is not supported, at offset 0 of the "
              "regular expression");
}

TEST(raw_tool, a_handler_without_structured_content_has_no_output_schema) {
    const std::string refusal =
        "tool t: the output schema needs a handler that returns structured content";
    EXPECT_EQ(added(definition(count_schema), [](const mcp::json&) { return std::string("x"); }),
              refusal);
    EXPECT_EQ(added(definition(count_schema), [](const mcp::json&) {}), refusal);
    EXPECT_EQ(added(definition(count_schema), [](const mcp::json&) { return mcp::content("x"); }),
              refusal);
    EXPECT_EQ(added(definition(count_schema), [](const mcp::json&) { return 1; }), "");
    EXPECT_EQ(added(definition(count_schema), [](const mcp::json&) { return mcp::tool_result(); }),
              "");
}

struct counted {
    int n = 0;
};

mcp::tool_result structured(std::string text, bool is_error = false) {
    mcp::tool_result made;
    made.structured = std::move(text);
    made.is_error = is_error;
    return made;
}

class output : public ::testing::TestWithParam<revision> {};

/// What a tool returns, and why it does not go out; empty if it does.
TEST_P(output, is_checked) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    const auto tool = [&](std::string name, auto handler) {
        mcp::tool_definition made = definition(count_schema);
        made.name = std::move(name);
        server.tool(std::move(made), std::move(handler));
    };
    using mcp::json;
    const auto later = [](const json& value) -> asio::awaitable<json> { co_return value; };
    tool("good", [](const json&) { return json{{"n", 1}}; });
    tool("good_struct", [](const json&) { return counted{1}; });
    tool("good_result", [](const json&) { return structured(R"({"n":1})"); });
    tool("good_lines", [](const json&) { return structured("{\n  \"n\": 1\n}\n"); });
    tool("small", [](const json&) { return json{{"n", 0}}; });
    tool("small_struct", [](const json&) { return counted{0}; });
    tool("small_result", [](const json&) { return structured(R"({"n":0})"); });
    tool("small_blocking", mcp::blocking([](const json&) { return json{{"n", 0}}; }));
    tool("no_object", [](const json&) { return json(7); });
    tool("nothing", [](const json&) { return mcp::tool_result("words only"); });
    tool("no_json", [](const json&) { return structured(R"({"n":)"); });
    tool("two", [](const json&) { return structured(R"({"n":1},"isError":true)"); });
    tool("error", [](const json&) { return structured(R"({"n":0})", true); });
    tool("error_words", [](const json&) { return mcp::tool_result::error("no"); });
    tool("thrown", [](const json&) -> json { throw mcp::tool_error(structured(R"({"n":0})")); });
    tool("thrown_text", [](const json&) -> json { throw mcp::tool_error(structured(R"({"n":)")); });
    server.tool<"typed">("", [] { return structured("no JSON"); });
    server.tool<"typed_later">(
        "", []() -> asio::awaitable<mcp::tool_result> { co_return structured("no JSON"); });
    tool("awaited", later);
    struct row {
        std::string_view tool;
        std::string_view reason;
        bool is_error;
    };
    const std::string_view below = "structuredContent.n: expected at least 1, got 0";
    const row rows[] = {
        {"good", "", false},
        {"good_struct", "", false},
        {"good_result", "", false},
        {"good_lines", "", false},
        {"small", below, true},
        {"small_struct", below, true},
        {"small_result", below, true},
        {"small_blocking", below, true},
        {"no_object", "structuredContent: expected object, got number", true},
        {"nothing", "the result has no structured content", true},
        {"no_json", "structuredContent is not JSON", true},
        {"two", "structuredContent is not JSON", true},
        {"error", "", true},
        {"error_words", "", true},
        {"thrown", "", true},
        {"thrown_text", "structuredContent is not JSON", true},
        {"typed", "structuredContent is not JSON", true},
        {"typed_later", "structuredContent is not JSON", true},
        {"awaited", "structuredContent: member \"n\" is missing", true},
    };
    peer client(server, GetParam());
    for (const auto& [name, reason, is_error] : rows) {
        const std::size_t before = log.text().size();
        const auto answer = client.tool(name);
        const std::string logged = log.text().substr(before);
        EXPECT_EQ(answer->code(), 0) << name;
        EXPECT_EQ(answer->is_error(), is_error) << name << ' ' << answer->text();
        if (reason.empty()) {
            EXPECT_EQ(logged, "") << name;
            continue;
        }
        EXPECT_EQ(answer->words(),
                  "tool " + std::string(name) + " failed; the server's log has the reason");
        EXPECT_EQ(answer->result("/structuredContent"), "");
        EXPECT_NE(logged.find(reason), std::string::npos) << name << ": " << logged;
    }
}

/// Checking what clients send is limited; what a tool returns is as large as it wants.
TEST(raw_tool, a_large_result_is_checked) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    server.tool(definition(R"({"type":"array","items":{"type":"integer"}})"), [](const mcp::json&) {
        std::string text = "[0";
        for (int i = 0; i < 1'000'000; ++i)
            text += ",0";
        mcp::tool_result made("many");
        made.structured = text + ']';
        return made;
    });
    peer client(server, mcp::latest);
    EXPECT_EQ(client.tool("t")->words(), "many");
    EXPECT_EQ(log.text(), "");
}

INSTANTIATE_TEST_SUITE_P(raw_tool, output, ::testing::ValuesIn(test::revisions));

} // namespace raw_tool_test
