#include <mcp/protocol/completion.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <vector>

namespace {

using mcp::completion_params;
using mcp::completion_result;

mcp::result<completion_params, mcp::decode_error> read(const char* text) {
    const auto params = wire::parsed(text);
    return mcp::read_completion_params(params.if_object());
}

TEST(completion, reads_params) {
    const auto prompt = read(R"({"ref":{"type":"ref/prompt","name":"code_review","title":"x"},
        "argument":{"name":"framework","value":"fla"},
        "context":{"arguments":{"language":"python"}}})");
    ASSERT_TRUE(prompt);
    EXPECT_EQ(prompt->kind, completion_params::target::prompt);
    EXPECT_EQ(prompt->name, "code_review");
    EXPECT_EQ(prompt->argument, "framework");
    EXPECT_EQ(prompt->value, "fla");
    ASSERT_EQ(prompt->context.size(), 1u);
    EXPECT_EQ(prompt->context[0].second, "python");

    const auto resource = read(R"({"ref":{"type":"ref/resource","uri":"file:///{p}"},
        "argument":{"name":"p","value":""},"context":{}})");
    ASSERT_TRUE(resource);
    EXPECT_EQ(resource->kind, completion_params::target::resource);
    EXPECT_EQ(resource->name, "file:///{p}");
}

TEST(completion, refuses_params) {
    const std::pair<const char*, const char*> table[] = {
        {"{}", "ref is missing"},
        {R"({"ref":{},"argument":{}})", "ref.type is missing"},
        {R"({"ref":{"type":"ref/tool","name":"x"},"argument":{}})",
         "ref.type: expected ref/prompt or ref/resource"},
        {R"({"ref":{"type":"ref/prompt"},"argument":{}})", "ref.name is missing"},
        {R"({"ref":{"type":"ref/resource","name":"x"},"argument":{}})", "ref.uri is missing"},
        {R"({"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a"}})",
         "argument.value is missing"},
        {R"({"ref":{"type":"ref/prompt","name":"x"},"argument":{"name":"a","value":""},
            "context":{"arguments":{"b":1}}})",
         "context.arguments.b: expected string, got number"},
    };
    for (const auto& [text, expected] : table) {
        const auto params = read(text);
        ASSERT_FALSE(params) << text;
        EXPECT_EQ(params.error().what(), expected);
    }
}

TEST(completion, params_by_revision) {
    completion_params params;
    params.name = "p";
    params.argument = "a";
    params.value = "v";
    params.context = {{"k", "w"}};
    wire::expect_written(
        params,
        {R"({"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"v"}})", nullptr,
         R"({"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":"v"},)"
         R"("context":{"arguments":{"k":"w"}}})",
         nullptr, nullptr});
}

TEST(completion, result_by_revision) {
    wire::expect_written(completion_result{{"flask"}, 1},
                         {R"({"completion":{"values":["flask"],"total":1,"hasMore":false}})",
                          nullptr, nullptr, nullptr,
                          R"({"resultType":"complete","completion":{"values":["flask"],"total":1,)"
                          R"("hasMore":false}})"});
    EXPECT_EQ(wire::written(completion_result{}, mcp::latest_legacy),
              R"({"completion":{"values":[],"hasMore":false}})");
}

TEST(completion, sends_a_hundred_at_most) {
    const completion_result many{std::vector<std::string>(101, "v")};
    const auto back = mcp::read_completion_result(wire::parsed(wire::written(many, mcp::latest)));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->values.size(), 100u);
    EXPECT_TRUE(back->has_more);
}

TEST(completion, refuses_results) {
    for (const char* bad : {"{}", R"({"completion":{}})", R"({"completion":{"values":[1]}})",
                            R"({"completion":{"values":[],"total":1.5}})"}) {
        EXPECT_FALSE(mcp::read_completion_result(wire::parsed(bad))) << bad;
    }
}

} // namespace
