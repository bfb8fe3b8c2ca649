#include <mcp/server/toolset.hpp>

#include <mcp/auth/principal.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/server/raw_tool.hpp>
#include <mcp/server/registration_options.hpp>
#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace toolset_test {

int add(int a, int b) {
    return a + b;
}

struct range {
    int from = 0, to = 0;
};

int width(range r) {
    return r.to - r.from;
}

constexpr auto tools =
    mcp::toolset(mcp::tool<add, "a", "b">("Add", mcp::read_only, mcp::title("Adder")),
                 mcp::tool<width>("Width"));

static_assert(tools.size == 2);
static_assert(tools.names()[0] == "add" && tools.names()[1] == "width");

TEST(toolset, is_served) {
    mcp::server server("test", "1");
    server.toolset(tools);
    test::peer client(server);
    EXPECT_EQ(client.tool("add", R"({"a":1,"b":2})")->words(), "3");
    EXPECT_EQ(client.tool("width", R"({"from":1,"to":5})")->words(), "4");
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/title"), R"("Adder")");
    EXPECT_EQ(list->result("/tools/0/annotations/readOnlyHint"), "true");
    EXPECT_EQ(list->result("/tools/1/description"), R"("Width")");
}

TEST(toolset, options_of_a_tool_and_of_the_set_add_up) {
    mcp::server server("test", "1");
    const auto guarded = mcp::toolset(mcp::tool<add, "a", "b">("Add", mcp::scopes("one")),
                                      mcp::tool<width>("Width", mcp::title("Own")));
    server.toolset(guarded, mcp::scopes("two"), mcp::idempotent);
    test::peer client(server);
    const auto who = std::make_shared<mcp::principal>();
    client.who = who;
    struct row {
        std::vector<std::string> scopes;
        bool add, width;
    };
    for (const auto& [scopes, add, width] :
         {row{{}, false, false}, row{{"one"}, false, false}, row{{"two"}, false, true},
          row{{"one", "two"}, true, true}}) {
        who->scopes = scopes;
        EXPECT_EQ(client.tool("add", R"({"a":1,"b":2})")->words() == "3", add);
        EXPECT_EQ(client.tool("width", R"({"from":1,"to":5})")->words() == "4", width);
    }
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/1/title"), R"("Own")");
    EXPECT_EQ(list->result("/tools/0/annotations/idempotentHint"), "true");
}

constexpr auto described = mcp::toolset(mcp::tool<add, "a", "b">(
    "Add", mcp::param<"b">("What to add", mcp::default_value{3}, mcp::maximum{9})));

TEST(toolset, parameters_are_described) {
    mcp::server server("test", "1");
    server.toolset(described);
    test::peer client(server);
    EXPECT_EQ(client.tool("add", R"({"a":1})")->words(), "4");
    EXPECT_EQ(client.tool("add", R"({"a":1,"b":10})")->words(),
              "arguments.b: expected at most 9, got 10");
    EXPECT_EQ(client.ask("tools/list")->result("/tools/0/inputSchema/properties/b"),
              R"({"type":"integer","description":"What to add","maximum":9,"default":3})");
}

struct counter {
    int count = 0;
    int next(int step) { return count += step; }
};

counter steps;

// All forms of `any_server::tool` but those with a name of run time may be constants.
constexpr auto constant_forms = mcp::toolset(
    mcp::tool<add, "a", "b">("Add", mcp::named("plus")), mcp::tool<add, "a", "b">("Add"),
    mcp::tool<&counter::next, "step">("Step", steps, mcp::title("Steps")),
    mcp::tool<"twice">("Twice", [](mcp::arg<"n", int> n) { return 2 * *n; }, mcp::read_only));

TEST(toolset, takes_all_forms_of_a_tool) {
    mcp::server server("test", "1");
    server.toolset(constant_forms);
    const auto shared = std::make_shared<counter>();
    const std::string made = "made";
    server.toolset(mcp::toolset(
        mcp::tool<&counter::next, "step">("Shared", shared, mcp::named("shared")),
        mcp::tool(
            made + "_here", "Made",
            [made](mcp::arg<"n", int> n) { return made + std::to_string(*n); }, mcp::title("Made")),
        mcp::tool(mcp::tool_definition("raw", "Raw", R"({"type":"object"})"),
                  [](const mcp::json& given) { return mcp::encode(given); })));
    test::peer client(server);
    struct row {
        std::string_view tool, arguments, words;
    };
    for (const row& each :
         {row{"plus", R"({"a":1,"b":2})", "3"}, row{"add", R"({"a":1,"b":2})", "3"},
          row{"next", R"({"step":2})", "2"}, row{"twice", R"({"n":4})", "8"},
          row{"shared", R"({"step":5})", "5"}, row{"made_here", R"({"n":6})", "made6"},
          row{"raw", R"({"x":1})", R"({"x":1})"}})
        EXPECT_EQ(client.tool(each.tool, each.arguments)->words(), each.words) << each.tool;
    EXPECT_EQ(steps.count, 2);
    EXPECT_EQ(shared->count, 5);
    EXPECT_EQ(client.ask("tools/list")->result("/tools/5/title"), R"("Made")");
}

TEST(toolset, names_of_run_time_differ) {
    const auto f = [] { return 1; };
    EXPECT_THROW(mcp::toolset(mcp::tool("x", "", f), mcp::tool<"x">("", f)), std::invalid_argument);
    EXPECT_THROW(
        mcp::toolset(mcp::tool<width>("", mcp::named("add")), mcp::tool<add, "a", "b">("")),
        std::invalid_argument);
    EXPECT_EQ(mcp::toolset(mcp::tool<width>("", mcp::named("y")), mcp::tool("x", "", f)).names(),
              (std::array<std::string_view, 2>{"y", "x"}));
}

/// A definition takes the same options.
TEST(toolset, definitions_take_options) {
    mcp::server server("test", "1");
    server.tool(
        mcp::tool_definition("raw", "Raw", R"({"type":"object"})"),
        [](const mcp::json&) { return 1; }, mcp::title("Raw title"), mcp::scopes("s"));
    server.resource(
        mcp::resource_definition("r://1", "one", "One"), [] { return "x"; },
        mcp::mime_type("text/x"), mcp::title("First"));
    test::peer client(server);
    EXPECT_EQ(client.ask("tools/list")->result("/tools/0/title"), R"("Raw title")");
    EXPECT_EQ(client.tool("raw")->status(), mcp::reply_status::forbidden);
    const auto list = client.ask("resources/list");
    EXPECT_EQ(list->result("/resources/0/title"), R"("First")");
    EXPECT_EQ(list->result("/resources/0/mimeType"), R"("text/x")");
}

} // namespace toolset_test
