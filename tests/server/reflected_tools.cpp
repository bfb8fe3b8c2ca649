#include <mcp/reflect/annotations.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/server.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#ifdef __cpp_impl_reflection
namespace reflected_tools_test {

using test::peer;

enum class unit { celsius, kelvin };

struct place {
    std::string city;
    int days = 1;
};

// Both ways of each tool have the same name, in a namespace of its own.
// clang-format off
namespace written {
int add(int a, int b) { return a + b; }
std::string greet(mcp::arg<"name", std::string, "Whom"> name) { return "Hello, " + *name; }
struct count_input { int from = 0; std::optional<int> to; };
int count(count_input in) { return in.to.value_or(10) - in.from; }
std::string forecast(const place& where, mcp::context&) { return where.city; }
asio::awaitable<std::string> later(std::string text, mcp::context&, std::optional<unit> in) {
    co_return text + (in ? "!" : "?");
}
void nothing() {}
} // namespace written

namespace reflected {
[[=mcp::doc("Add two numbers")]] int add(int a, int b) { return a + b; }
[[=mcp::doc("Greet")]]
std::string greet([[=mcp::doc("Whom")]] std::string name) { return "Hello, " + name; }
[[=mcp::doc("Count")]]
int count([[=mcp::minimum(0), =mcp::default_value(0)]] int from,
          [[=mcp::doc("Not included"), =mcp::maximum(99)]] int to = 10) {
    return to - from;
}
[[=mcp::doc("Forecast")]]
std::string forecast(const place& where, mcp::context&) { return where.city; }
[[=mcp::doc("In time")]]
asio::awaitable<std::string> later(const std::string& text, mcp::context&, std::optional<unit> in) {
    co_return text + (in ? "!" : "?");
}
[[=mcp::doc("Nothing")]] void nothing();
void nothing() {}
int helper(int) { return 0; }
} // namespace reflected

struct numbers {
    [[=mcp::doc("Twice")]] static int twice(int n) { return 2 * n; }
    static int hidden(int n) { return n; }
    int state = 0;
};

[[=mcp::doc("Review code")]]
std::string review([[=mcp::doc("The code")]] const std::string& code, std::optional<unit> in) {
    return code + (in ? "!" : "?");
}
namespace notes {
[[=mcp::uri("notes://all"), =mcp::doc("All notes"), =mcp::mime_type("text/csv")]]
std::string all() { return "a,b"; }
[[=mcp::uri("notes://{folder}/{id}"), =mcp::doc("A note"), =mcp::title("Note")]]
std::string one(std::string folder, mcp::context&, int id) { return folder + std::to_string(id); }
[[=mcp::uri("notes://slow"), =mcp::execution::blocking]] std::string slow() { return "slow"; }
[[=mcp::doc("Counts the notes")]] int count() { return 2; }
} // namespace notes

class notebook {
public:
    [[=mcp::doc("Write a note")]] int write(std::string text, mcp::context&, int copies = 1) {
        for (int at = 0; at < copies; ++at)
            notes_.push_back(text);
        return static_cast<int>(notes_.size());
    }
    [[=mcp::doc("Forecast")]] std::string forecast(const place& where) const {
        return where.city + notes_.front();
    }
    [[=mcp::doc("Twice")]] static int twice(int n) { return 2 * n; }
    [[=mcp::uri("book://{at}"), =mcp::doc("A note")]] std::string read(std::size_t at) const {
        return notes_.at(at);
    }
    [[=mcp::doc("Ask"), =mcp::uri("book://ask"), =mcp::execution::blocking]] std::string ask() {
        return "asked";
    }
    int hidden() { return 1; }

private:
    [[=mcp::doc("Clear"), =mcp::execution::blocking]] void clear() { notes_.clear(); }
    std::vector<std::string> notes_{};
};

struct reviewer {
    [[=mcp::doc("Review")]] std::string review([[=mcp::doc("The code")]] std::string code) {
        return words + code;
    }
    std::string words;
};

[[=mcp::doc("Reads only"), =mcp::read_only, =mcp::idempotent]] int careful() { return 1; }

[[=mcp::doc("Defaults"), =mcp::execution::blocking]]
std::string defaults(std::string_view a, int b = 2, std::optional<int> c = 3, int d = 4) {
    return std::string(a) + std::to_string(b) + (c ? std::to_string(*c) : "none") + std::to_string(d);
}
// clang-format on

} // namespace reflected_tools_test

template <>
struct mcp::describe<reflected_tools_test::written::count_input> {
    static constexpr auto members =
        mcp::members(mcp::member<"from">(mcp::minimum(0), mcp::default_value(0)),
                     mcp::member<"to">("Not included", mcp::maximum(99)));
};

namespace reflected_tools_test {

std::string list(mcp::any_server& server) {
    peer client(server);
    return client.ask("tools/list")->result("/tools");
}

TEST(reflected_tools, have_the_schemas_of_the_written_way) {
    mcp::server by_hand{"test", "1"};
    by_hand.tool<written::add, "a", "b">("Add two numbers");
    by_hand.tool<"greet">("Greet", written::greet);
    by_hand.tool<written::count>("Count");
    by_hand.tool<written::forecast>("Forecast");
    by_hand.tool<written::later, "text", "in">("In time");
    by_hand.tool<written::nothing>("Nothing");
    mcp::server one_by_one{"test", "1"};
    one_by_one.tool<^^reflected::add>();
    one_by_one.tool<^^reflected::greet>("Greet");
    one_by_one.tool<^^reflected::count>();
    one_by_one.tool<^^reflected::forecast>();
    one_by_one.tool<^^reflected::later>();
    one_by_one.tool<^^reflected::nothing>();
    mcp::server all{"test", "1"};
    all.tools<^^reflected>();
    EXPECT_EQ(list(one_by_one), list(by_hand));
    EXPECT_EQ(list(all), list(by_hand));
}

TEST(reflected_tools, have_the_hints_of_annotations) {
    mcp::server server{"test", "1"};
    server.tool<^^careful>();
    EXPECT_NE(list(server).find(R"("annotations":{"readOnlyHint":true,"idempotentHint":true})"),
              std::string::npos);
}

TEST(reflected_prompts, describe_their_arguments) {
    mcp::server server{"test", "1"};
    server.prompt<^^review>();
    peer client(server);
    EXPECT_EQ(
        client.ask("prompts/list")->result("/prompts"),
        R"([{"name":"review","description":"Review code","arguments":[)"
        R"({"name":"code","description":"The code","required":true},{"name":"in","required":false}]}])");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"review","arguments":{"code":"x"}})")
                  ->result("/messages/0/content/text"),
              R"("x?")");
}

TEST(reflected_resources, have_the_definitions_of_the_written_way) {
    mcp::server by_hand{"test", "1"};
    by_hand.resource<"notes://all">("All notes", notes::all, mcp::mime_type("text/csv"));
    by_hand.resource<"notes://{folder}/{id}">("A note", notes::one, mcp::title("Note"));
    by_hand.resource<"notes://slow">("", mcp::blocking(notes::slow));
    by_hand.tool<notes::count>("Counts the notes");
    mcp::server all{"test", "1"};
    all.resources<^^notes>();
    all.tools<^^notes>();
    EXPECT_EQ(list(all), list(by_hand));
    peer left(all);
    peer right(by_hand);
    EXPECT_EQ(left.ask("resources/list")->result("/resources"),
              right.ask("resources/list")->result("/resources"));
    EXPECT_EQ(left.ask("resources/templates/list")->result("/resourceTemplates"),
              right.ask("resources/templates/list")->result("/resourceTemplates"));
    const struct {
        std::string_view uri, text;
    } table[] = {
        {R"({"uri":"notes://all"})", R"("a,b")"},
        {R"({"uri":"notes://work/7"})", R"("work7")"},
        {R"({"uri":"notes://slow"})", R"("slow")"},
    };
    for (const auto& each : table)
        EXPECT_EQ(left.ask("resources/read", each.uri)->result("/contents/0/text"), each.text);
}

TEST(reflected_methods, are_called_with_their_object) {
    notebook notes;
    mcp::server server{"test", "1"};
    server.tools<^^notebook>(notes);
    server.tool<^^notebook::write>(notes, mcp::named("append"));
    server.resources<^^notebook>(notes, mcp::mime_type("text/plain"));
    const auto shared = std::make_shared<reviewer>("Look at ");
    server.prompt<^^reviewer::review>(shared);
    server.tool<^^reviewer::review>(shared, mcp::read_only);
    peer client(server);
    const struct {
        std::string_view tool, arguments, words;
    } table[] = {
        {"write", R"({"text":"a"})", "1"},
        {"write", R"({"text":"b","copies":2})", "3"},
        {"write", R"({"copies":2})", R"(arguments: member "text" is missing)"},
        {"append", R"({"text":"c"})", "4"},
        {"forecast", R"({"city":"Oslo"})", "Osloa"},
        {"twice", R"({"n":4})", "8"},
        {"review", R"({"code":"x"})", "Look at x"},
    };
    for (const auto& each : table)
        EXPECT_EQ(client.tool(each.tool, each.arguments)->words(), each.words)
            << each.tool << each.arguments;
    EXPECT_EQ(client.ask("resources/read", R"({"uri":"book://1"})")->result("/contents/0/text"),
              R"("b")");
    EXPECT_EQ(client.ask("resources/read", R"({"uri":"book://ask"})")->result("/contents/0/text"),
              R"("asked")");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"review","arguments":{"code":"x"}})")
                  ->result("/messages/0/content/text"),
              R"("Look at x")");
    (void)client.tool("clear", "{}");
    EXPECT_EQ(client.tool("write", R"({"text":"c"})")->words(), "1");
    EXPECT_EQ(list(server).find("hidden"), std::string::npos);
    EXPECT_EQ(list(server).find("\"ask\""), std::string::npos);
}

TEST(reflected_tools, are_called) {
    mcp::server server{"test", "1"};
    server.tools<^^reflected>(mcp::read_only);
    server.tools<^^numbers>();
    server.tool<^^defaults>(mcp::named("preset"));
    const struct {
        std::string_view tool, arguments, words;
    } table[] = {
        {"add", R"({"a":1,"b":2})", "3"},
        {"greet", R"({"name":"Ann"})", "Hello, Ann"},
        {"count", R"({})", "10"},
        {"count", R"({"from":1,"to":5})", "4"},
        {"count", R"({"to":null})", "10"},
        {"count", R"({"from":-1})", "arguments.from: expected at least 0, got -1"},
        {"count", R"({"to":100})", "arguments.to: expected at most 99, got 100"},
        {"forecast", R"({"city":"Oslo"})", "Oslo"},
        {"later", R"({"text":"a string that is not stored in place"})",
         "a string that is not stored in place?"},
        {"later", R"({"text":"x","in":"kelvin"})", "x!"},
        {"twice", R"({"n":4})", "8"},
        {"preset", R"({"a":"x"})", "x234"},
        {"preset", R"({"a":"x","b":7})", "x734"},
        {"preset", R"({"a":"x","b":7,"c":8})", "x784"},
        {"preset", R"({"a":"x","b":7,"d":9})", "x7none9"},
        {"preset", R"({"a":"x","d":9})",
         "arguments.b: expected a value, because a later parameter has one"},
    };
    peer client(server);
    for (const auto& each : table)
        EXPECT_EQ(client.tool(each.tool, each.arguments)->words(), each.words)
            << each.tool << each.arguments;
    EXPECT_EQ(list(server).find("hidden"), std::string::npos);
}

} // namespace reflected_tools_test
#endif
