#include <mcp/server/resource.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resource_test {

using mcp::revision;
using test::peer;

enum class colour { red, green };

struct settings {
    int n = 1;
};

class resources : public ::testing::TestWithParam<revision> {
protected:
    resources() {
        server.resource<"text://a">(
            "A text", [] { return "hello"; }, mcp::named("a"), mcp::title("A"),
            mcp::mime_type("text/markdown"));
        server.resource<"bytes://a">("", [] { return mcp::bytes{1, 2, 255}; });
        server.resource<"json://a">("",
                                    []() -> asio::awaitable<settings> { co_return settings{}; });
        server.resource<"many://a">("", [] {
            return std::vector{mcp::resource_contents("many://a/1", "text/plain", std::string("1")),
                               mcp::resource_contents("many://a/2", "x/y", mcp::bytes{9})};
        });
        server.resource<"gone://a">("", [] { return std::optional<std::string>(); });
        server.resource<"there://a">("", [] { return std::optional<std::string>("x"); });
        server.resource<"empty://a">("", [] { return std::vector<mcp::resource_contents>(); });
        server.resource<"bad://a">("", []() -> std::string { throw std::runtime_error("secret"); });
        server.resource<"user://{name}/{n}">(
            "", [](std::string name, int n) { return name + "/" + std::to_string(n); });
        server.resource<"of://{c}{?limit}">("", [](colour c, std::optional<int> limit) {
            return std::string(c == colour::red ? "red" : "green") +
                   std::to_string(limit.value_or(-1));
        });
        server.resource<"file://{path}">("", [](std::string path) { return path; });
        server.resource<"tree:///{+path}">(
            "", [](std::optional<std::string> path) { return path.value_or(""); });
        server.resource<"any://{a}{?b}">("", [](mcp::raw_value a, std::optional<mcp::raw_value> b) {
            return a.text + "|" + (b ? b->text : "");
        });
    }
    std::shared_ptr<test::exchange> read(std::string_view uri) {
        return client.ask("resources/read", R"({"uri":")" + std::string(uri) + R"("})");
    }
    std::string text(std::string_view uri) { return read(uri)->result("/contents/0/text"); }

    mcp::server<> server{"test", "1"};
    test::kept_log log{server};
    peer client{server, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(resource, resources, ::testing::ValuesIn(test::revisions));

TEST_P(resources, are_read_by_type) {
    EXPECT_EQ(text("text://a"), R"("hello")");
    EXPECT_EQ(read("text://a")->result("/contents/0/mimeType"), R"("text/markdown")");
    EXPECT_EQ(read("text://a")->result("/contents/0/uri"), R"("text://a")");
    EXPECT_EQ(read("bytes://a")->result("/contents/0/blob"), R"("AQL/")");
    EXPECT_EQ(text("json://a"), R"("{\"n\":1}")");
    EXPECT_EQ(read("json://a")->result("/contents/0/mimeType"), R"("application/json")");
    EXPECT_EQ(read("many://a")->result("/contents/1/blob"), R"("CQ==")");
    EXPECT_EQ(text("there://a"), R"("x")");
}

TEST_P(resources, templates_give_typed_variables) {
    EXPECT_EQ(text("user://ann/7"), R"("ann/7")");
    EXPECT_EQ(text("user://a%20%C3%A9/-7"), "\"a \xc3\xa9/-7\"");
    EXPECT_EQ(text("of://green"), R"("green-1")");
    EXPECT_EQ(text("of://red?limit=3"), R"("red3")");
    EXPECT_EQ(read("user://ann/7")->result("/contents/0/uri"), R"("user://ann/7")");
    for (const std::string_view wrong : {"user://ann/seven", "user://ann/7.5",
                                         "user://ann/99999999999", "of://blue", "of://red?limit=x"})
        EXPECT_EQ(read(wrong)->code(), -32602) << wrong;
}

TEST_P(resources, are_found_by_every_spelling) {
    server.resource<"docs://Host/caf\xc3\xa9/%7euser/{id}/x%2fy">(
        "", [](std::string id) { return id; });
    server.resource(mcp::resource_definition("docs://Host/na%c3%afve/%41", "n", ""),
                    [] { return "naive"; });
    const std::pair<std::string_view, std::string_view> table[] = {
        {"TEXT://a", "hello"},
        {"%74ext://%61", "hello"},
        {"docs://host/na\xc3\xafve/A", "naive"},
        {"DOCS://HOST/na%C3%AFve/%41", "naive"},
        {"docs://Host/x/../na\xc3\xafve/./A", "naive"},
        {"docs://host/caf\xc3\xa9/~user/7/x%2Fy", "7"},
        {"Docs://HOST/caf%c3%a9/%7Euser/%37/x%2fy", "7"},
        {"USER://ann/7", "ann/7"},
        {"user://%41nn/7", "Ann/7"}, // values keep their case
    };
    for (const auto& [uri, expected] : table) {
        EXPECT_EQ(text(uri), '"' + std::string(expected) + '"') << uri;
        EXPECT_EQ(read(uri)->result("/contents/0/uri"), '"' + std::string(uri) + '"');
    }
    const auto listed = client.ask("resources/list");
    EXPECT_NE(listed->text().find("docs://Host/na%c3%afve/%41"), std::string::npos)
        << "as registered";
    server.resource<"Docs://host/na\xc3\xafve/%41">("", [] { return "again"; });
    EXPECT_EQ(text("docs://Host/na%c3%afve/%41"), R"("again")") << "it replaces";
    EXPECT_TRUE(server.remove_resource("DOCS://host/na%C3%AFve/A"));
    EXPECT_FALSE(server.remove_resource("docs://Host/na%c3%afve/%41"));
}

TEST_P(resources, variables_stay_in_their_folder_unless_they_are_raw) {
    for (const std::string_view bad :
         {"file://%2e%2e%2fetc%2fpasswd", "file://..%2Fetc", "file://a%2f..%2fb", "file://..",
          "file://..%5cetc", "file://%2fetc", "file://a%00", "tree:///a/../../etc", "tree:////etc",
          "tree:///%2e%2e/etc", "tree:///a/%00", "user://..%2f/1"}) {
        const auto got = read(bad);
        EXPECT_EQ(got->code(), -32602) << bad << got->text();
        EXPECT_NE(got->text().find("params.uri: "), std::string::npos) << got->text();
    }
    EXPECT_EQ(text("file://a%2Fb..c"), R"("a/b..c")");
    EXPECT_EQ(text("tree:///a/..b/c"), R"("a/..b/c")");
    EXPECT_EQ(text("any://..%2Fetc?b=%2Fx"), R"("../etc|/x")");
    EXPECT_EQ(text("any://a%00b"), R"("a\u0000b|")");
}

// Else a predicate that permits bob would let a client read what is eve's.
TEST_P(resources, predicates_judge_what_the_handler_reads) {
    const auto of_bob = mcp::allow_if([](const mcp::principal&, const mcp::json_object& params) {
        return params.at("uri") == "own://h/bob/x/y";
    });
    server.resource<"own://h/{who}/{a}/{b}">(
        "",
        [](mcp::raw_value who, mcp::raw_value a, mcp::raw_value b) {
            return who.text + "|" + a.text + "|" + b.text;
        },
        of_bob);
    server.resource<"own://h/{who}/{a}/{b}/{c}/{d}">(
        "",
        [](mcp::raw_value who, mcp::raw_value, mcp::raw_value, mcp::raw_value, mcp::raw_value) {
            return who.text;
        },
        of_bob);
    client.who = std::make_shared<mcp::principal>(mcp::principal{.subject = "bob"});
    EXPECT_EQ(text("own://h/bob/x/y"), R"("bob|x|y")");
    EXPECT_EQ(text("OWN://H/%62ob/x/y"), R"("bob|x|y")");
    EXPECT_EQ(read("own://h/eve/x/y")->code(), mcp::errc::forbidden);
    for (const char* dots : {"own://h/eve/../bob/x/y", "own://h/eve/%2e%2e/bob/x/y"})
        EXPECT_EQ(read(dots)->code(), -32602) << dots;

    server.complete<"own://h/{who}/{a}/{b}/{c}/{d}", "d">(
        [](std::string) { return std::vector<std::string>{"secret"}; });
    const auto complete = [&](std::string_view a, std::string_view b) {
        return client.ask("completion/complete",
                          R"({"ref":{"type":"ref/resource","uri":"own://h/{who}/{a}/{b}/{c}/{d}"},)"
                          R"("argument":{"name":"d","value":"y"},"context":{"arguments":{)"
                          R"("who":"eve","a":")" +
                              std::string(a) + R"(","b":")" + std::string(b) + R"(","c":"x"}}})");
    };
    EXPECT_EQ(complete("..", "bob")->code(), -32602);
    EXPECT_EQ(complete("bob", "z")->code(), mcp::errc::forbidden);
}

TEST_P(resources, what_is_not_there_is_not_found) {
    const int not_found = mcp::is_modern(GetParam()) ? -32602 : -32002;
    for (const std::string_view uri :
         {"none://a", "user://ann", "user://ann/7/8", "gone://a", "empty://a", "text://a/",
          "text://a/A", "user://ann/8/..", "user://%ff/7", ""}) {
        const auto got = read(uri);
        EXPECT_EQ(got->code(), not_found) << uri << got->text();
        EXPECT_EQ(test::at(got->value(), "/error/data/uri"), '"' + std::string(uri) + '"');
    }
    EXPECT_EQ(client.ask("resources/read", "{}")->code(), -32602);
    EXPECT_EQ(client.ask("resources/read", R"({"uri":7})")->code(), -32602);
}

TEST_P(resources, failures_leak_nothing) {
    const auto got = read("bad://a");
    EXPECT_EQ(got->code(), -32603);
    EXPECT_EQ(got->text().find("secret"), std::string::npos);
    EXPECT_TRUE(log.has("secret"));
}

TEST_P(resources, are_listed) {
    const auto list = client.ask("resources/list");
    EXPECT_EQ(list->result("/resources/0/name"), R"("a")");
    EXPECT_EQ(list->result("/resources/0/mimeType"), R"("text/markdown")");
    EXPECT_EQ(list->result("/resources/0/title").empty(), GetParam() < revision::v2025_06_18);
    const auto templates = client.ask("resources/templates/list");
    EXPECT_EQ(templates->result("/resourceTemplates/0/uriTemplate"), R"("user://{name}/{n}")");
    EXPECT_EQ(templates->result("/resourceTemplates/1/uriTemplate"), R"("of://{c}{?limit}")");
}

TEST(template_variables, are_described_by_options) {
    mcp::server server("test", "1");
    server.resource<"page://{book}{?n,size}">(
        "",
        [](std::string book, int n, int size = 50) {
            return book + std::to_string(n) + "/" + std::to_string(size);
        },
        mcp::param<"book">(mcp::max_length{4}),
        mcp::param<"n">(mcp::default_value{1}, mcp::minimum{1}));
    peer client(server);
    struct {
        std::string_view uri, expected;
    } const table[] = {
        {"page://a", R"("a1/50")"},
        {"page://a?n=2&size=9", R"("a2/9")"},
        {"page://a?size=9", R"("a1/9")"},
        {"page://a?n=0", R"("params.uri: n must be at least 1")"},
        {"page://long_title", R"("params.uri: book must be at most 4 characters")"},
    };
    for (const auto& [uri, expected] : table) {
        const auto answer =
            client.ask("resources/read", R"({"uri":")" + std::string(uri) + R"("})");
        EXPECT_EQ(answer->error() + answer->result("/contents/0/text"), expected) << uri;
    }
}

} // namespace resource_test
