#include <mcp/server/tool.hpp>

#include <mcp/schema/re2.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tool_test {

using mcp::revision;
using test::peer;

int add(int a, int b) {
    return a + b;
}

enum class unit { celsius, kelvin };

struct search {
    std::string query;
    int limit = 10;
    std::optional<std::vector<std::string>> tags = {};
    std::optional<unit> in = {};
};

struct found {
    std::string first;
    int count = 0;
};

found find(const search& what) {
    return {what.query, what.limit};
}

asio::awaitable<int> add_later(int a, int b) {
    co_return a + b;
}

std::string forecast(std::string_view city, int days, std::optional<unit> in) {
    return std::string(city) + std::to_string(days) + (in ? "!" : "?");
}

std::string who(mcp::context& ctx) {
    return ctx.client() ? ctx.client()->name : "nobody";
}

std::string mixed(std::string a, mcp::context& ctx, const std::string& b) {
    return a + b + std::string(mcp::to_string(ctx.revision()));
}

void nothing() {}

class tools : public ::testing::Test {
protected:
    tools() {
        server.tool<add, "a", "b">("Add two numbers");
        server.tool<find>("Find", mcp::read_only | mcp::idempotent, mcp::title("Finder"));
        server.tool<add_later, "a", "b">("Add, in time");
        server.tool<who>("Who calls");
        server.tool<mixed, "a", "b">("Context in the middle");
        server.tool<nothing>("Nothing");
        server.tool<"greet">("Greet", [](mcp::arg<"name", std::string, "Whom"> name,
                                         mcp::arg<"times", std::optional<int>> times) {
            std::string text;
            for (int i = 0; i < times->value_or(1); ++i)
                text += "Hello " + *name + "!";
            return text;
        });
        server.tool<"counter">("State",
                               [n = std::make_shared<std::atomic<int>>(0)] { return ++*n; });
        server.tool(
            mcp::tool_definition("raw", "Raw",
                                 R"({"type":"object","properties":{"n":{"type":"integer",
                                             "minimum":1}},"required":["n"]})"),
            [](const mcp::json& arguments) { return arguments.at("n").to_number<int>() * 2; });
        server.tool(
            mcp::tool_definition("raw_later", "Raw", R"({"type":"object"})"),
            [](const mcp::json& arguments, mcp::context& ctx) -> asio::awaitable<std::string> {
                ctx.info("seen");
                co_return mcp::encode(arguments);
            });
        server.tool(mcp::tool_definition("raw_slow", "Raw", R"({"type":"object"})"),
                    mcp::blocking([](const mcp::json& arguments) { return arguments; }));
    }

    mcp::server<> server{"test", "1"};
};

struct call {
    std::string_view tool;
    std::string_view arguments;
    std::string_view words;
};

TEST_F(tools, answer) {
    const call table[] = {
        {"add", R"({"a":1,"b":2})", "3"},
        {"add", R"({"a":1.0,"b":-2})", "-1"},
        {"add_later", R"({"b":1,"a":2})", "3"},
        {"find", R"({"query":"q"})", R"({"first":"q","count":10})"},
        {"find", R"({"query":"q","limit":3,"tags":["a"],"in":"kelvin"})",
         R"({"first":"q","count":3})"},
        {"who", "{}", "tester"},
        {"greet", R"({"name":"Ann"})", "Hello Ann!"},
        {"greet", R"({"name":"A","times":2})", "Hello A!Hello A!"},
        {"raw", R"({"n":4})", "8"},
        {"raw_later", R"({"x":[1]})", R"({"x":[1]})"},
        {"raw_slow", R"({"x":[1]})", R"({"x":[1]})"},
    };
    for (const revision r : test::revisions) {
        peer client(server, r);
        for (const auto& [tool, arguments, words] : table) {
            const auto answer = client.tool(tool, arguments);
            EXPECT_EQ(answer->words(), words) << tool << arguments << answer->text();
            EXPECT_FALSE(answer->is_error()) << answer->text();
            EXPECT_EQ(answer->status(), mcp::reply_status::ok);
        }
        EXPECT_EQ(client.tool("mixed", R"({"a":"x","b":"y"})")->words(),
                  "xy" + std::string(mcp::to_string(r)));
        EXPECT_EQ(client.tool("nothing")->result("/content"), "[]");
    }
}

TEST_F(tools, handlers_keep_their_state) {
    peer client(server);
    EXPECT_EQ(client.tool("counter")->words(), "1");
    EXPECT_EQ(client.tool("counter")->words(), "2");
}

TEST_F(tools, arguments_may_be_left_out) {
    peer client(server);
    EXPECT_EQ(client.ask("tools/call", R"({"name":"who"})")->words(), "tester");
    EXPECT_TRUE(client.ask("tools/call", R"({"name":"add"})")->is_error());
}

TEST_F(tools, wrong_arguments_are_told_to_the_model) {
    const call table[] = {
        {"add", R"({"a":1})", "\"b\" is missing"},
        {"add", R"({"a":1,"b":"2"})", "arguments.b: expected"},
        {"add", R"({"a":1,"b":2,"c":3})", "c"},
        {"add", R"({"a":1,"b":2.5})", "arguments.b"},
        {"add", R"({"a":1,"b":9999999999})", "arguments.b"},
        {"add", R"({"a":1,"b":null})", "arguments.b"},
        {"add", "[1,2]", "arguments"},
        {"add", "7", "arguments"},
        {"add", "null", "arguments"},
        {"add_later", R"({"a":1})", "\"b\" is missing"},
        {"find", "{}", "\"query\" is missing"},
        {"find", R"({"query":"q","tags":["a","b",3]})", "arguments.tags[2]: expected string"},
        {"find", R"({"query":"q","in":"rankine"})", "arguments.in"},
        {"find", R"({"query":"q","limt":1})", "limt"},
        {"greet", R"({"name":1})", "arguments.name"},
        {"raw", "{}", "n"},
        {"raw", R"({"n":0})", "n"},
        {"raw", R"({"n":"1"})", "n"},
        {"raw", "[]", "arguments"},
    };
    for (const revision r : {revision::v2024_11_05, revision::v2026_07_28}) {
        peer client(server, r);
        for (const auto& [tool, arguments, words] : table) {
            const auto answer = client.tool(tool, arguments);
            EXPECT_TRUE(answer->is_error()) << tool << arguments << answer->text();
            EXPECT_NE(answer->words().find(words), std::string::npos)
                << tool << arguments << " gave: " << answer->words();
        }
    }
}

TEST_F(tools, unknown_or_unnamed_ones_are_errors_of_the_protocol) {
    for (const revision r : test::revisions) {
        peer client(server, r);
        EXPECT_EQ(client.tool("substract")->code(), -32602);
        EXPECT_EQ(client.tool("Add", R"({"a":1,"b":2})")->code(), -32602);
        EXPECT_EQ(client.ask("tools/call", "{}")->code(), -32602);
        EXPECT_EQ(client.ask("tools/call", R"({"name":1})")->code(), -32602);
        EXPECT_EQ(client.tool("substract")->error(), R"("Unknown tool: substract")");
    }
}

TEST_F(tools, are_listed) {
    peer client(server);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/name"), R"("add")");
    EXPECT_EQ(list->result("/tools/0/description"), R"("Add two numbers")");
    EXPECT_EQ(list->result("/tools/0/inputSchema/type"), R"("object")");
    EXPECT_EQ(list->result("/tools/0/inputSchema/required"), R"(["a","b"])");
    EXPECT_EQ(list->result("/tools/0/inputSchema/properties/a/type"), R"("integer")");
    EXPECT_EQ(list->result("/tools/0/outputSchema/type"), R"("integer")");
    EXPECT_EQ(list->result("/tools/1/title"), R"("Finder")");
    EXPECT_EQ(list->result("/tools/1/annotations/readOnlyHint"), "true");
    EXPECT_EQ(list->result("/tools/1/annotations/idempotentHint"), "true");
    EXPECT_EQ(list->result("/tools/1/annotations/destructiveHint"), "");
    EXPECT_EQ(list->result("/tools/1/inputSchema/required"), R"(["query"])");
    EXPECT_EQ(list->result("/tools/1/inputSchema/properties/limit/default"), "10");
    EXPECT_EQ(list->result("/tools/3/inputSchema/properties"), "{}");
    EXPECT_EQ(list->result("/tools/6/inputSchema/required"), R"(["name"])");
    EXPECT_EQ(list->result("/tools/6/inputSchema/properties/name/description"), R"("Whom")");
    EXPECT_EQ(list->result("/tools/8/inputSchema/properties/n/minimum"), "1");
    EXPECT_EQ(list->result("/tools/8/outputSchema"), "");
}

TEST_F(tools, what_a_revision_does_not_know_is_not_listed) {
    const auto shown = [&](revision r, std::string_view path) {
        peer client(server, r);
        return client.ask("tools/list")->result(path);
    };
    EXPECT_EQ(shown(revision::v2024_11_05, "/tools/1/annotations"), "");
    EXPECT_NE(shown(revision::v2025_03_26, "/tools/1/annotations"), "");
    EXPECT_EQ(shown(revision::v2025_03_26, "/tools/1/title"), "");
    EXPECT_EQ(shown(revision::v2025_06_18, "/tools/1/title"), R"("Finder")");
    EXPECT_EQ(shown(revision::v2025_03_26, "/tools/1/outputSchema"), "");
    EXPECT_EQ(shown(revision::v2025_06_18, "/tools/1/outputSchema/type"), R"("object")");
    // What is no object is wrapped for clients that take only objects.
    EXPECT_EQ(shown(revision::v2025_11_25, "/tools/0/outputSchema/type"), R"("object")");
    EXPECT_EQ(shown(revision::v2025_11_25, "/tools/0/outputSchema/properties/result/type"),
              R"("integer")");
    EXPECT_EQ(shown(revision::v2025_11_25, "/tools/0/outputSchema/required"), R"(["result"])");
    EXPECT_EQ(shown(revision::v2025_11_25, "/resultType"), "");
    EXPECT_EQ(shown(revision::v2026_07_28, "/resultType"), R"("complete")");
}

TEST(tool, icons_and_meta_are_listed) {
    mcp::server server("test", "1");
    server.tool<add, "a", "b">("Add", mcp::named("plus"), mcp::icon("https://x/i.png"),
                               mcp::json_object{{"com.example/k", 1}});
    peer client(server);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/name"), R"("plus")");
    EXPECT_EQ(list->result("/tools/0/icons/0/src"), R"("https://x/i.png")");
    EXPECT_EQ(list->result("/tools/0/_meta"), R"({"com.example/k":1})");
    peer old(server, revision::v2025_06_18);
    EXPECT_EQ(old.ask("tools/list")->result("/tools/0/icons"), "");
}

TEST(tool, a_bad_raw_tool_is_refused_when_it_is_added) {
    mcp::server server("test", "1");
    const auto add_raw = [&](std::string name, std::string schema) {
        server.tool(mcp::tool_definition(std::move(name), "", std::move(schema)),
                    [](const mcp::json&) { return 1; });
    };
    EXPECT_THROW(add_raw("", R"({"type":"object"})"), std::invalid_argument);
    EXPECT_THROW(add_raw("no blanks", R"({"type":"object"})"), std::invalid_argument);
    EXPECT_THROW(add_raw("x", "{"), std::invalid_argument);
    EXPECT_THROW(add_raw("x", "7"), std::invalid_argument);
    EXPECT_THROW(add_raw("x", R"({"type":"strnig"})"), std::invalid_argument);
    EXPECT_THROW(add_raw("x", R"({"type":"string"})"), std::invalid_argument);
    EXPECT_THROW(add_raw("x", "true"), std::invalid_argument);
    EXPECT_NO_THROW(add_raw("x", R"({"type":"object"})"));
}

template <class T>
int count(mcp::arg<"a", std::vector<T>> a) {
    return static_cast<int>(a->size());
}

std::string added(void (*add)(mcp::any_server&)) {
    mcp::server server("test", "1");
    try {
        add(server);
        return {};
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
}

// The compiler does not know all that RE2 refuses.
TEST(tool, a_pattern_that_re2_refuses_is_refused_when_the_tool_is_added) {
    const auto good = [](mcp::any_server& to) {
        to.tool<"t">("", count<mcp::matching<"^\\p{Script=Greek}$">>);
    };
    const auto no_script = [](mcp::any_server& to) {
        to.tool<"t">("", count<mcp::matching<"^\\p{Script=Klingon}$">>);
    };
    const auto too_large = [](mcp::any_server& to) {
        to.tool<"t">("", count<mcp::matching<"\\p{L}{1000}">>);
    };
    const std::string refusal = "tool t: the regular expression is not supported: ";
    EXPECT_EQ(added(good), "");
    EXPECT_EQ(added(no_script), refusal + "invalid character class range: \\p{Klingon}");
    EXPECT_EQ(added(too_large), refusal + "pattern too large - compile failed");
}

// APIs of models refuse schemas of parameters without it.
TEST(tool, every_input_schema_has_properties) {
    mcp::server server("test", "1");
    const auto raw = [](const mcp::json&) { return 1; };
    server.tool(mcp::tool_definition("given", "", R"({"type":"object"})"), raw);
    mcp::tool_definition of_default;
    of_default.name = "default";
    server.tool(std::move(of_default), raw);
    server.tool(mcp::tool_definition("own", "", R"({"type": "object", "properties": {"a": {}}})"),
                raw);
    server.tool<"typed">("", [] { return 1; });
    server.tool<find>("");
    for (const bool plain : {false, true}) {
        server.options().plain_schemas = plain;
        for (const revision r : test::revisions) {
            peer client(server, r);
            const auto answer = client.ask("tools/list");
            for (const auto& each : answer->value().at_pointer("/result/tools").get_array())
                EXPECT_TRUE(each.at("inputSchema").at("properties").is_object()) << each.at("name");
        }
    }
}

TEST(tool, schemas_are_plain_if_so_set) {
    mcp::server server("test", "1");
    server.tool<"typed">("", [](mcp::arg<"a", found> a, mcp::arg<"b", found>) { return *a; });
    server.tool(
        mcp::tool_definition("raw", "", R"({"type":"object","properties":{"a":{"const":1}}})"),
        [](const mcp::json&) { return 1; });
    const auto schema = [&](const char* at) {
        return peer(server, revision::v2025_06_18)
            .ask("tools/list")
            ->result(std::string("/tools/") + at);
    };
    EXPECT_EQ(schema("0/inputSchema/properties/b"), R"({"$ref":"#/$defs/found"})");
    EXPECT_EQ(schema("1/inputSchema/properties/a"), R"({"const":1})");
    server.options().plain_schemas = true;
    EXPECT_EQ(schema("0/inputSchema/properties/b/type"), R"("object")");
    EXPECT_EQ(schema("0/inputSchema/$defs"), "");
    EXPECT_EQ(schema("1/inputSchema/properties/a"), R"({"enum":[1]})");
    EXPECT_EQ(peer(server).tool("raw", R"({"a":2})")->words(), "arguments.a: expected 1");
    server.options().hide_forbidden = true;
    EXPECT_EQ(schema("1/inputSchema/properties/a"), R"({"enum":[1]})");
}

/// What tools answer to arguments that they do not know, as the server is set.
struct chain {
    int value;
    std::unique_ptr<chain> next;
};

struct ring {
    std::shared_ptr<ring> next;
};

int length(const chain* list) {
    return list == nullptr ? 0 : 1 + length(list->next.get());
}

asio::awaitable<std::unique_ptr<chain>> rest(std::unique_ptr<chain> list) {
    co_return list ? std::move(list->next) : nullptr;
}

TEST(tool, takes_and_returns_structs_that_contain_themselves) {
    mcp::server server("test", "1");
    server.tool<"whole">("", [](chain list) { return length(&list); });
    server.tool<"part">(
        "", [](mcp::arg<"list", std::unique_ptr<chain>> list) { return length(list.value.get()); });
    server.tool<rest, "list">("");
    const auto circle = std::make_shared<ring>();
    circle->next = circle;
    server.tool<"ring">("", [&circle] { return circle; });
    struct row {
        std::string_view tool, arguments, words;
    };
    const row table[] = {
        {"whole", R"({"value":1,"next":{"value":2,"next":null}})", "2"},
        {"part", R"({"list":{"value":1}})", "1"},
        {"part", "{}", "0"},
        {"rest", R"({"list":{"value":1,"next":{"value":2}}})", R"({"value":2})"},
        {"rest", R"({"list":null})", "null"},
        {"rest", R"({"list":{"next":{}}})",
         R"(arguments.list: member "value" is missing; arguments.list.next: member "value" is missing)"},
    };
    for (const revision r : test::revisions) {
        peer client(server, r);
        for (const auto& [name, arguments, words] : table)
            EXPECT_EQ(client.tool(name, arguments)->words(), words);
        EXPECT_TRUE(client.tool("ring")->is_error());
    }
    circle->next = nullptr;
}

TEST(tool, unknown_arguments) {
    using mcp::unknown_arguments;
    mcp::server server("test", "1");
    const auto echo = [](const mcp::json& given) { return given; };
    const auto raw = [&](std::string name, std::string schema) {
        server.tool(mcp::tool_definition(std::move(name), "", std::move(schema)), echo);
    };
    server.tool<add, "a", "b">("");
    server.tool<find>("");
    server.tool<nothing>("");
    server.tool<"seen">("", [](mcp::arg<"a", int>, mcp::context& ctx) {
        return ctx.params().find("arguments").to_json();
    });
    raw("strict", R"({"type":"object","properties":{"a":{"type":"integer"}},
                      "additionalProperties":false})");
    raw("patterned", R"({"type":"object","patternProperties":{"^x_":{}},
                         "additionalProperties":false})");
    raw("open", R"({"type":"object","properties":{"a":{"type":"integer"}}})");
    raw("typed_rest", R"({"type":"object","additionalProperties":{"type":"integer"}})");
    struct row {
        std::string_view tool, arguments, refuse, ignore, pass_on;
    };
    const row rows[] = {
        {"add", R"({"a":1,"b":2})", "3", "3", "3"},
        {"add", R"({"a":1,"b":2,"sessionId":"x"})", R"(arguments: unknown member "sessionId")", "3",
         "3"},
        {"add", R"({"a":1,"sessionId":"x"})",
         R"(arguments: member "b" is missing; arguments: unknown member "sessionId")",
         R"(arguments: member "b" is missing)", R"(arguments: member "b" is missing)"},
        {"find", R"({"query":"q","sessionId":"x"})", R"(arguments: unknown member "sessionId")",
         R"({"first":"q","count":10})", R"({"first":"q","count":10})"},
        {"nothing", R"({"sessionId":"x"})", R"(arguments: unknown member "sessionId")", "", ""},
        {"seen", R"({"a":1,"z":2})", R"(arguments: unknown member "z")", R"({"a":1,"z":2})",
         R"({"a":1,"z":2})"},
        {"strict", R"({"a":1,"z":2})", R"(arguments: unknown member "z")", R"({"a":1})",
         R"({"a":1,"z":2})"},
        {"strict", R"({"a":"1","z":2})", "arguments.a: expected integer, got string",
         "arguments.a: expected integer, got string", "arguments.a: expected integer, got string"},
        {"patterned", R"({"x_a":1,"z":2})", R"(arguments: unknown member "z")", R"({"x_a":1})",
         R"({"x_a":1,"z":2})"},
        {"open", R"({"a":1,"z":2})", R"({"a":1,"z":2})", R"({"a":1,"z":2})", R"({"a":1,"z":2})"},
        {"typed_rest", R"({"z":"2"})", "arguments.z: expected integer, got string",
         "arguments.z: expected integer, got string", "arguments.z: expected integer, got string"},
    };
    for (const revision r : {revision::v2025_06_18, mcp::latest}) {
        peer client(server, r);
        for (const auto& [name, arguments, refuse, ignore, pass_on] : rows) {
            server.options().unknown_arguments = unknown_arguments::refuse;
            EXPECT_EQ(client.tool(name, arguments)->words(), refuse) << name << arguments;
            server.options().unknown_arguments = unknown_arguments::ignore;
            EXPECT_EQ(client.tool(name, arguments)->words(), ignore) << name << arguments;
            server.options().unknown_arguments = unknown_arguments::pass_on;
            EXPECT_EQ(client.tool(name, arguments)->words(), pass_on) << name << arguments;
        }
    }
}

// Whatever a handler throws becomes a result that says little, and a line in the log.

struct secretive {};

class failing : public ::testing::TestWithParam<revision> {};

TEST_P(failing, tools_leak_nothing) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    server.tool<"std">("", []() -> int { throw std::runtime_error("password=hunter2"); });
    server.tool<"int">("", []() -> int { throw 42; });
    server.tool<"odd">("", []() -> int { throw secretive(); });
    server.tool<"later">("", []() -> asio::awaitable<int> {
        throw std::runtime_error("password=hunter2");
        co_return 1;
    });
    server.tool<"slow">("", mcp::blocking([]() -> int { throw std::logic_error("hunter2"); }));
    server.tool<"slow_int">("", mcp::blocking([]() -> int { throw 42; }));
    server.tool(mcp::tool_definition("raw", "", R"({"type":"object"})"),
                [](const mcp::json&) -> int { throw std::runtime_error("hunter2"); });
    server.tool<"nan">("", []() { return std::vector<double>{1.0, 0.0 / 0.0}; });
    server.tool<"bytes">("", []() { return std::string("a\xff\"b"); });
    peer client(server, GetParam());
    for (const std::string_view name :
         {"std", "int", "odd", "later", "slow", "slow_int", "raw", "nan"}) {
        const auto answer = client.tool(name);
        EXPECT_TRUE(answer->is_error()) << name << answer->text();
        EXPECT_EQ(answer->code(), 0);
        EXPECT_EQ(answer->text().find("hunter2"), std::string::npos);
        EXPECT_EQ(answer->text().find("runtime_error"), std::string::npos);
        EXPECT_TRUE(log.has("tool " + std::string(name) + " failed")) << name;
    }
    EXPECT_TRUE(log.has("password=hunter2"));
    EXPECT_EQ(client.tool("bytes")->words(), "a\xef\xbf\xbd\"b");

    server.options().expose_exceptions = true;
    EXPECT_NE(client.tool("std")->words().find("password=hunter2"), std::string::npos);
}

TEST_P(failing, tools_say_what_they_want_to_say) {
    mcp::server server("test", "1");
    test::kept_log log(server);
    server.tool<"told">("", []() -> int { throw mcp::tool_error("no such city"); });
    server.tool<"shown">("", []() -> asio::awaitable<int> {
        mcp::tool_result result("first");
        result.content.emplace_back("second");
        throw mcp::tool_error(std::move(result));
        co_return 1;
    });
    server.tool<"refused">(
        "", []() -> int { throw mcp::protocol_error(mcp::invalid_params("no such region")); });
    peer client(server, GetParam());
    EXPECT_TRUE(client.tool("told")->is_error());
    EXPECT_EQ(client.tool("told")->words(), "no such city");
    EXPECT_EQ(client.tool("shown")->result("/content/1/text"), R"("second")");
    EXPECT_TRUE(client.tool("shown")->is_error());
    EXPECT_EQ(client.tool("refused")->code(), -32602);
    EXPECT_EQ(client.tool("refused")->error(), R"("no such region")");
    EXPECT_EQ(log.text(), "");
}

INSTANTIATE_TEST_SUITE_P(tool, failing, ::testing::ValuesIn(test::revisions));

/// What a call answers: its text, and whether it is an error.
std::string told_by(peer& client, std::string_view tool, std::string_view arguments) {
    const auto answer = client.tool(tool, arguments);
    return answer->words() + (answer->result("/isError") == "true" ? " (error)" : "");
}

TEST(tool_parameters, are_described_by_options) {
    mcp::server server("test", "1");
    server.tool<forecast, "city", "days", "in">(
        "Forecast", mcp::param<"city">("Where", mcp::min_length{2}, mcp::param_header{"City"}),
        mcp::read_only,
        mcp::param<"days">(mcp::title{"Days"}, mcp::default_value{3}, mcp::minimum{1}));
    peer client(server);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/inputSchema"),
              R"({"type":"object","properties":{)"
              R"("city":{"type":"string","description":"Where","minLength":2,)"
              R"("x-mcp-header":"City"},)"
              R"("days":{"type":"integer","title":"Days","minimum":1,"default":3},)"
              R"("in":{"type":"string","enum":["celsius","kelvin"]}},)"
              R"("required":["city"],"additionalProperties":false})");
    EXPECT_EQ(list->result("/tools/0/annotations/readOnlyHint"), "true");
    EXPECT_EQ(told_by(client, "forecast", R"({"city":"Bern"})"), "Bern3?");
    EXPECT_EQ(told_by(client, "forecast", R"({"city":"Bern","days":1,"in":"kelvin"})"), "Bern1!");
    EXPECT_EQ(told_by(client, "forecast", R"({"city":"B","days":0})"),
              "arguments.city: expected at least 2 characters; "
              "arguments.days: expected at least 1, got 0 (error)");
}

TEST(tool_parameters, are_described_by_their_types) {
    mcp::server server("test", "1");
    server.tool<"days">(
        "",
        [](mcp::arg<"days", int, "How many", mcp::default_value{3}, mcp::minimum{1}> days) {
            return std::to_string(*days);
        },
        mcp::param<"days">(mcp::maximum{5}));
    peer client(server);
    EXPECT_EQ(client.ask("tools/list")->result("/tools/0/inputSchema/properties/days"),
              R"({"type":"integer","description":"How many","minimum":1,"maximum":5,"default":3})");
    EXPECT_EQ(told_by(client, "days", "{}"), "3");
    EXPECT_EQ(told_by(client, "days", R"({"days":6})"),
              "arguments.days: expected at most 5, got 6 (error)");
}

struct with_default_arguments {
    std::string operator()(int a, mcp::context&, std::string b = "b",
                           std::optional<int> c = 3) const {
        return std::to_string(a) + b + (c ? std::to_string(*c) : "-");
    }
};

TEST(tool_parameters, keep_their_default_arguments) {
    mcp::server server("test", "1");
    server.tool<"one">("", [](mcp::arg<"a", int> a, mcp::arg<"days", int> days = {3},
                              mcp::arg<"more", mcp::json> more = {}) {
        return std::to_string(*a) + std::to_string(*days) + (more->is_null() ? "" : "+");
    });
    server.tool<"later">(
        "", [](mcp::arg<"a", int> a, mcp::arg<"b", int> b = {7}) -> asio::awaitable<std::string> {
            co_return std::to_string(*a) + std::to_string(*b);
        });
    server.tool<"shown">(
        "", [](mcp::arg<"a", int> a = {3}) { return std::to_string(*a); },
        mcp::param<"a">(mcp::default_value{4}));
    peer client(server);
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/inputSchema/required"), R"(["a"])");
    struct {
        std::string_view tool, arguments, expected;
    } const table[] = {
        {"one", R"({"a":1})", "13"},
        {"one", R"({"a":1,"days":null})", "13"},
        {"one", R"({"a":1,"days":2})", "12"},
        {"one", R"({"a":1,"days":2,"more":{}})", "12+"},
        {"one", R"({"a":1,"more":1})",
         "arguments.days: expected a value, because a later parameter has one (error)"},
        {"one", R"({"days":1})", "arguments: member \"a\" is missing (error)"},
        {"later", R"({"a":1})", "17"},
        {"later", R"({"a":1,"b":2})", "12"},
        {"shown", "{}", "4"},
    };
    for (const auto& [tool, arguments, expected] : table)
        EXPECT_EQ(told_by(client, tool, arguments), expected) << tool << arguments;
}

} // namespace tool_test
