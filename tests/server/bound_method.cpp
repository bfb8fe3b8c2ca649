#include <mcp/server/bound_method.hpp>

#include <mcp/async/invoke.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/server.hpp>
#include <mcp/server/toolset.hpp>

#include <asio/awaitable.hpp>
#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace bound_method_test {

struct entry {
    std::string title;
    int stars = 1;
};

class shelf {
public:
    std::string label() const { return "shelf"; }
};

class notebook : public shelf {
public:
    int write(std::string note) {
        notes.push_back(std::move(note));
        return static_cast<int>(notes.size());
    }
    std::string rate(const entry& what) {
        return write(what.title) > 0
                   ? what.title + std::string(static_cast<std::size_t>(what.stars), '*')
                   : "";
    }
    std::string at(std::size_t index) const { return notes.at(index); }
    int count() const noexcept { return static_cast<int>(notes.size()); }
    void clear() & noexcept { notes.clear(); }
    std::string_view last(std::string_view fallback) const {
        return notes.empty() ? kept = fallback : notes.back();
    }
    std::string describe(mcp::arg<"name", std::string> name, mcp::context& ctx) const {
        return *name + std::string(mcp::to_string(ctx.revision()));
    }
    asio::awaitable<std::string> later(std::string suffix) const { co_return notes[0] + suffix; }
    std::thread::id slow() const { return std::this_thread::get_id(); }
    bool runs_elsewhere(int) const { return std::this_thread::get_id() != home; }
    std::string review(std::string topic) const { return "Review " + topic; }
    std::string index() const { return "index"; }
    std::vector<std::string> complete(std::string typed) const { return {typed + "1"}; }

    std::vector<std::string> notes;
    mutable std::string kept;
    std::thread::id home = std::this_thread::get_id();
};

bool runs_elsewhere(int) {
    static const std::thread::id home = std::this_thread::get_id();
    return std::this_thread::get_id() != home;
}
std::string read_index() {
    return "free";
}
std::vector<std::string> complete_topic(std::string typed) {
    return {typed + "!"};
}

using test::peer;

class bound_methods : public ::testing::TestWithParam<mcp::revision> {
protected:
    notebook notes;
    mcp::server<> server{"test", "1"};
    peer client{server, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(bound_method, bound_methods, ::testing::ValuesIn(test::revisions));

TEST_P(bound_methods, methods_are_tools) {
    server.tool<&notebook::write, "note">("Write", notes, mcp::title("Write a note"));
    server.tool<&notebook::rate>("Rate", notes);
    server.tool<&notebook::at, "index">("Read", notes, mcp::read_only);
    server.tool<&notebook::count>("Count", std::as_const(notes));
    server.tool<&notebook::last, "fallback">("Last", notes);
    server.tool<&notebook::describe>("Describe", notes);
    server.tool<&notebook::later, "suffix">("Later", notes);
    server.tool<&notebook::clear>("Clear", notes);
    server.tool<&shelf::label>("Of the base", notes, mcp::named("name"));
    struct row {
        std::string tool, arguments, words;
    };
    const std::string revision(mcp::to_string(GetParam()));
    for (const auto& [tool, arguments, words] : {
             row{"last", R"({"fallback":"none"})", "none"},
             row{"write", R"({"note":"a"})", "1"},
             row{"rate", R"({"title":"b","stars":3})", "b***"},
             row{"at", R"({"index":0})", "a"},
             row{"count", "{}", "2"},
             row{"last", R"({"fallback":"none"})", "b"},
             row{"describe", R"({"name":"r "})", "r " + revision},
             row{"later", R"({"suffix":"?"})", "a?"},
             row{"clear", "{}", ""},
             row{"count", "{}", "0"},
             row{"name", "{}", "shelf"},
         })
        EXPECT_EQ(client.tool(tool, arguments)->words(), words) << tool << arguments;
    const auto list = client.ask("tools/list");
    EXPECT_EQ(list->result("/tools/0/title"),
              GetParam() < mcp::revision::v2025_06_18 ? "" : R"("Write a note")");
    EXPECT_EQ(list->result("/tools/0/inputSchema/required"), R"(["note"])");
}

TEST_P(bound_methods, methods_are_resources_prompts_and_completions) {
    notes.notes = {"zero", "one"};
    server.resource<"notes://index", &notebook::index>("Index", notes);
    server.resource<"notes://{index}/text", &notebook::at>("Note", notes, mcp::mime_type("text/x"));
    server.resource<"free://index", read_index>("Free", mcp::named("free"));
    server.prompt<&notebook::review, "topic">("Review", notes);
    server.complete<"review", "topic", &notebook::complete>(notes);
    server.complete<"notes://{index}/text", "index", complete_topic>();
    const auto read = [&](std::string_view uri) {
        return client.ask("resources/read", R"({"uri":")" + std::string(uri) + R"("})");
    };
    EXPECT_EQ(read("notes://index")->result("/contents/0/text"), R"("index")");
    EXPECT_EQ(read("notes://1/text")->result("/contents/0/text"), R"("one")");
    EXPECT_EQ(read("notes://1/text")->result("/contents/0/mimeType"), R"("text/x")");
    EXPECT_EQ(read("free://index")->result("/contents/0/text"), R"("free")");
    EXPECT_EQ(client.ask("prompts/get", R"({"name":"review","arguments":{"topic":"x"}})")
                  ->result("/messages/0/content/text"),
              R"("Review x")");
    const auto complete = [&](std::string_view reference, std::string_view argument) {
        return client
            .ask("completion/complete", R"({"ref":)" + std::string(reference) +
                                            R"(,"argument":{"name":")" + std::string(argument) +
                                            R"(","value":"v"}})")
            ->result("/completion/values");
    };
    EXPECT_EQ(complete(R"({"type":"ref/prompt","name":"review"})", "topic"), R"(["v1"])");
    EXPECT_EQ(complete(R"({"type":"ref/resource","uri":"notes://{index}/text"})", "index"),
              R"(["v!"])");
}

TEST_P(bound_methods, a_pointer_in_blocking_runs_on_the_pool) {
    runs_elsewhere(0);
    server.tool<mcp::blocking<&notebook::runs_elsewhere>(), "n">("Method", notes,
                                                                 mcp::named("method"));
    server.tool<mcp::blocking<runs_elsewhere>(), "n">("Function", mcp::named("function"));
    server.toolset(mcp::toolset(mcp::tool<mcp::blocking<runs_elsewhere>(), "n">("In a set")));
    for (const std::string_view tool : {"method", "function", "runs_elsewhere"})
        EXPECT_EQ(client.tool(tool, R"({"n":1})")->words(), "true") << tool;
}

TEST(bound_method, shares_an_object) {
    mcp::server server("test", "1");
    auto notes = std::make_shared<notebook>();
    const std::weak_ptr<notebook> alive = notes;
    server.tool<&notebook::write, "note">("Write", notes);
    server.tool<&notebook::count>("Count", std::shared_ptr<const notebook>(notes));
    notes.reset();
    peer client(server);
    EXPECT_EQ(client.tool("write", R"({"note":"a"})")->words(), "1");
    EXPECT_EQ(client.tool("count")->words(), "1");
    EXPECT_FALSE(alive.expired());
    server.remove_tool("write");
    server.remove_tool("count");
    EXPECT_TRUE(alive.expired());
}

} // namespace bound_method_test
