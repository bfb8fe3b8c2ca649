#include <mcp/server/prompt.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace prompt_test {

using test::peer;

enum class tone { kind, strict };

std::string review(std::string code, int lines) {
    return code + std::to_string(lines);
}

class prompts : public ::testing::TestWithParam<mcp::revision> {
protected:
    prompts() {
        server.prompt<review, "code", "lines">("Review");
        server.prompt<"typed">("", [](mcp::arg<"t", tone, "How"> t, mcp::arg<"b", bool> b,
                                      mcp::arg<"x", std::optional<double>> x) {
            return std::string(*t == tone::kind ? "kind" : "strict") + (*b ? "1" : "0") +
                   (x->has_value() ? "x" : "-");
        });
        server.prompt<"talk">("", [](mcp::context&) -> asio::awaitable<mcp::prompt_result> {
            std::vector<mcp::prompt_message> all{mcp::user_message("a"),
                                                 mcp::assistant_message("b")};
            co_return mcp::prompt_result(std::move(all), "A talk");
        });
        server.prompt<"image">("", [] { return mcp::image(mcp::bytes{1}, "image/png"); });
        server.prompt<"bad">("", []() -> std::string { throw std::logic_error("secret"); });
        server.complete<"review", "code">(
            [](std::string typed) { return std::vector<std::string>{typed + "1", typed + "2"}; });
        server.complete<"typed", "t">([](const mcp::completion_params& all) {
            std::vector<std::string> many(150, all.argument);
            return mcp::completion_result(std::move(many));
        });
        server.resource<"c://{x}">("", [](std::string x) { return x; });
        server.complete<"c://{x}", "x">(
            [](std::string typed) -> asio::awaitable<std::vector<std::string>> {
                co_return std::vector<std::string>{typed};
            });
    }
    std::shared_ptr<test::exchange> get(std::string_view name, std::string_view arguments) {
        return client.ask("prompts/get", R"({"name":")" + std::string(name) + R"(","arguments":)" +
                                             std::string(arguments) + "}");
    }
    std::shared_ptr<test::exchange> complete(std::string_view ref, std::string_view argument) {
        return client.ask("completion/complete", R"({"ref":)" + std::string(ref) +
                                                     R"(,"argument":)" + std::string(argument) +
                                                     "}");
    }
    mcp::server<> server{"test", "1"};
    test::kept_log log{server};
    peer client{server, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(prompt, prompts, ::testing::ValuesIn(test::revisions));

TEST_P(prompts, are_got) {
    const auto words = [&](std::string_view name, std::string_view arguments) {
        return get(name, arguments)->result("/messages/0/content/text");
    };
    EXPECT_EQ(words("review", R"({"code":"x","lines":"3"})"), R"("x3")");
    EXPECT_EQ(words("typed", R"({"t":"strict","b":"true"})"), R"("strict1-")");
    EXPECT_EQ(words("typed", R"({"t":"kind","b":"false","x":"1.5"})"), R"("kind0x")");
    EXPECT_EQ(get("review", R"({"code":"x","lines":"3"})")->result("/description"), R"("Review")");
    EXPECT_EQ(get("talk", "{}")->result("/messages/1/role"), R"("assistant")");
    EXPECT_EQ(get("talk", "{}")->result("/description"), R"("A talk")");
    EXPECT_EQ(get("image", "{}")->result("/messages/0/content/data"), R"("AQ==")");
}

TEST_P(prompts, wrong_arguments_are_refused) {
    for (const auto& [name, arguments] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"review", "{}"},
             {"review", R"({"code":"x"})"},
             {"review", R"({"code":"x","lines":"many"})"},
             {"review", R"({"code":"x","lines":3})"},
             {"review", R"({"code":"x","lines":"3","more":"y"})"},
             {"review", "[]"},
             {"typed", R"({"t":"angry","b":"true"})"},
             {"typed", R"({"t":"kind","b":"yes"})"},
             {"none", "{}"}})
        EXPECT_EQ(get(name, arguments)->code(), -32602) << name << arguments;
    EXPECT_NE(get("review", R"({"code":"x"})")->error().find("arguments.lines"), std::string::npos);
    EXPECT_NE(get("review", R"({"code":"x","lines":"3","more":"y"})")
                  ->error()
                  .find("arguments.more is not an argument of review, which takes code, lines"),
              std::string::npos);
    EXPECT_NE(get("talk", R"({"more":"y"})")->error().find("talk, which takes none"),
              std::string::npos);
    EXPECT_EQ(client.ask("prompts/get", "{}")->code(), -32602);
}

TEST_P(prompts, unknown_arguments_are_ignored_if_so_set) {
    const std::string_view arguments = R"({"code":"x","lines":"3","more":"y"})";
    const std::string known = get("review", R"({"code":"x","lines":"3"})")->result("/messages");
    for (const auto how : {mcp::unknown_arguments::ignore, mcp::unknown_arguments::pass_on}) {
        server.options().unknown_arguments = how;
        EXPECT_EQ(get("review", arguments)->result("/messages"), known);
        EXPECT_EQ(get("review", R"({"code":"x","more":"3"})")->code(), -32602);
    }
}

TEST_P(prompts, failures_leak_nothing) {
    const auto got = get("bad", "{}");
    EXPECT_EQ(got->code(), -32603);
    EXPECT_EQ(got->text().find("secret"), std::string::npos);
    EXPECT_TRUE(log.has("secret"));
}

TEST_P(prompts, are_listed) {
    const auto list = client.ask("prompts/list");
    EXPECT_EQ(list->result("/prompts/0/name"), R"("review")");
    EXPECT_EQ(list->result("/prompts/0/arguments/1/name"), R"("lines")");
    EXPECT_EQ(list->result("/prompts/0/arguments/1/required"), "true");
    EXPECT_EQ(list->result("/prompts/1/arguments/0/description"), R"("How")");
    EXPECT_NE(list->result("/prompts/1/arguments/2/required"), "true");
}

TEST_P(prompts, and_templates_are_completed) {
    const std::string_view review_ref = R"({"type":"ref/prompt","name":"review"})";
    EXPECT_EQ(complete(review_ref, R"({"name":"code","value":"a"})")->result("/completion/values"),
              R"(["a1","a2"])");
    EXPECT_EQ(complete(review_ref, R"({"name":"lines","value":"a"})")->result("/completion/values"),
              "[]");
    const auto many =
        complete(R"({"type":"ref/prompt","name":"typed"})", R"({"name":"t","value":""})");
    EXPECT_EQ(many->value().at_pointer("/result/completion/values").get_array().size(), 100U);
    EXPECT_EQ(many->result("/completion/hasMore"), "true");
    EXPECT_EQ(complete(R"({"type":"ref/resource","uri":"c://{x}"})", R"({"name":"x","value":"v"})")
                  ->result("/completion/values"),
              R"(["v"])");
    for (const std::string_view wrong :
         {R"({"type":"ref/prompt","name":"none"})", R"({"type":"ref/resource","uri":"none://{x}"})",
          R"({"type":"ref/tool","name":"review"})", R"({"type":"ref/prompt"})", "{}", "7"})
        EXPECT_EQ(complete(wrong, R"({"name":"x","value":"v"})")->code(), -32602) << wrong;
    EXPECT_EQ(complete(review_ref, R"({"name":"code","value":7})")->code(), -32602);
    EXPECT_EQ(complete(review_ref, R"({"name":"code"})")->code(), -32602);
}

TEST(prompt_arguments, are_described_by_options) {
    mcp::server server("test", "1");
    server.prompt<review, "code", "lines">(
        "Review", mcp::param<"code">("The code", mcp::title{"Code"}),
        mcp::param<"lines">("How many", mcp::default_value{9}, mcp::maximum{10}));
    server.prompt<"typed">("", [](mcp::arg<"a", std::string> a, mcp::arg<"b", int> b = {3},
                                  mcp::arg<"c", bool> c = {true}) {
        return *a + std::to_string(*b) + (*c ? "+" : "");
    });
    peer client(server);
    EXPECT_EQ(client.ask("prompts/list")->result("/prompts/0/arguments"),
              R"([{"name":"code","title":"Code","description":"The code","required":true},)"
              R"({"name":"lines","description":"How many","required":false}])");
    struct {
        std::string_view params, expected;
    } const table[] = {
        {R"({"name":"review","arguments":{"code":"x"}})", R"("x9")"},
        {R"({"name":"review","arguments":{"code":"x","lines":"10"}})", R"("x10")"},
        {R"({"name":"review","arguments":{"code":"x","lines":"11"}})",
         R"("params.arguments.lines: expected at most 10")"},
        {R"({"name":"typed","arguments":{"a":"x"}})", R"("x3+")"},
        {R"({"name":"typed","arguments":{"a":"x","b":"4","c":"false"}})", R"("x4")"},
        {R"({"name":"typed","arguments":{"a":"x","c":"false"}})",
         R"("params.arguments.b: expected a value, because a later argument has one")"},
    };
    for (const auto& [params, expected] : table) {
        const auto answer = client.ask("prompts/get", params);
        EXPECT_EQ(answer->error() + answer->result("/messages/0/content/text"), expected) << params;
    }
}

} // namespace prompt_test
