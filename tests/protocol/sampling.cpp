#include <mcp/protocol/sampling.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace {

using mcp::role;
using mcp::sampling_message;
using mcp::sampling_request;
using mcp::sampling_result;

TEST(sampling, a_prompt_is_the_same_for_all) {
    wire::expect_written(sampling_request{"What is the capital of France?", 100},
                         {R"({"messages":[{"role":"user","content":{"type":"text",)"
                          R"("text":"What is the capital of France?"}}],"maxTokens":100})"});
}

sampling_request full() {
    sampling_request q{std::vector<sampling_message>{{role::user, "hi"}}, 10};
    q.system_prompt = "Be kind.";
    q.preferences.hints = {"claude"};
    q.preferences.speed_priority = 0.5;
    q.include_context = mcp::include_context::this_server;
    q.temperature = 0.25;
    q.stop_sequences = {"END"};
    q.metadata["k"] = 1;
    q.tools = {mcp::tool_definition{"t", "", R"({"type":"object"})"}};
    q.tool_choice = mcp::tool_choice::automatic;
    return q;
}

TEST(sampling, tools_came_with_2025_11_25) {
    wire::expect_written(
        full(),
        {R"({"messages":[{"role":"user","content":{"type":"text","text":"hi"}}],)"
         R"("modelPreferences":{"hints":[{"name":"claude"}],"speedPriority":0.5},)"
         R"("systemPrompt":"Be kind.","includeContext":"thisServer","temperature":0.25,)"
         R"("maxTokens":10,"stopSequences":["END"],"metadata":{"k":1}})",
         nullptr, nullptr,
         R"({"messages":[{"role":"user","content":{"type":"text","text":"hi"}}],)"
         R"("modelPreferences":{"hints":[{"name":"claude"}],"speedPriority":0.5},)"
         R"("systemPrompt":"Be kind.","includeContext":"thisServer","temperature":0.25,)"
         R"("maxTokens":10,"stopSequences":["END"],"metadata":{"k":1},)"
         R"("tools":[{"name":"t","inputSchema":{"type":"object"}}],"toolChoice":{"mode":"auto"}})",
         nullptr});
}

TEST(sampling, many_blocks_become_many_turns_for_old_peers) {
    sampling_request q;
    q.max_tokens = 1;
    mcp::json_object input;
    input["city"] = "Paris";
    q.messages = {{role::assistant,
                   {mcp::sampling_content{"I will look."},
                    mcp::sampling_content{mcp::tool_use{"call_1", "get_weather", input}}}},
                  {role::user, mcp::tool_use_result{"call_1", mcp::tool_result{"18 C"}}}};
    wire::expect_written(
        q, {R"({"messages":[{"role":"assistant","content":{"type":"text","text":"I will look."}},)"
            R"({"role":"assistant","content":{"type":"text","text":"[tool use: get_weather]"}},)"
            R"({"role":"user","content":{"type":"text","text":"[tool result]"}}],"maxTokens":1})",
            nullptr, nullptr,
            R"({"messages":[{"role":"assistant","content":[)"
            R"({"type":"text","text":"I will look."},{"type":"tool_use","id":"call_1",)"
            R"("name":"get_weather","input":{"city":"Paris"}}]},{"role":"user","content":)"
            R"({"type":"tool_result","toolUseId":"call_1",)"
            R"("content":[{"type":"text","text":"18 C"}]}}],"maxTokens":1})",
            nullptr});
}

TEST(sampling, says_what_the_client_must_have) {
    EXPECT_EQ(wire::written(sampling_request{"x"}.needs()), R"({"sampling":{}})");
    EXPECT_EQ(wire::written(full().needs()), R"({"sampling":{"context":{},"tools":{}}})");
}

TEST(sampling, params_round_trip) {
    const char* const table[] = {
        R"({"messages":[{"role":"user","content":{"type":"text","text":"a"}}],"maxTokens":5})",
        R"({"messages":[{"role":"assistant","content":[)"
        R"({"type":"tool_use","id":"1","name":"n","input":{},"_meta":{"a":1}},)"
        R"({"type":"image","data":"AP8=","mimeType":"image/png"}]},{"role":"user","content":)"
        R"({"type":"tool_result","toolUseId":"1","content":[],"structuredContent":[1],)"
        R"("isError":true,"_meta":{"b":2}}}],)"
        R"("modelPreferences":{"hints":[{"name":"x"}],"costPriority":0.1,"speedPriority":0.2,)"
        R"("intelligencePriority":0.3},"systemPrompt":"s","includeContext":"allServers",)"
        R"("temperature":0.5,"maxTokens":5,"stopSequences":["a"],"metadata":{"m":1},)"
        R"("tools":[{"name":"n","inputSchema":{}}],"toolChoice":{"mode":"required"}})",
    };
    for (const char* text : table) {
        const auto params = wire::parsed(text);
        const auto read = mcp::read_sampling_params(params.if_object());
        ASSERT_TRUE(read) << read.error().what();
        const std::string again = wire::written(*read, mcp::latest);
        if (std::string_view{text}.find("tool_result") == std::string_view::npos) {
            EXPECT_EQ(again, text);
        } else {
            // The mirror of structured content as text is added on the way out.
            EXPECT_NE(again.find(R"("structuredContent":[1],"isError":true,"_meta":{"b":2})"),
                      std::string::npos)
                << again;
        }
    }
}

TEST(sampling, refuses_params) {
    const std::pair<const char*, const char*> table[] = {
        {"{}", "messages is missing"},
        {R"({"messages":[]})", "maxTokens is missing"},
        {R"({"messages":[{"role":"user"}],"maxTokens":1})", "messages[0].content is missing"},
        {R"({"messages":[{"role":"user","content":{"type":"resource_link"}}],"maxTokens":1})",
         "messages[0].content: expected content of type text, image, audio, tool_use or "
         "tool_result"},
        {R"({"messages":[],"maxTokens":1,"includeContext":"some"})",
         "includeContext is not a known value"},
        {R"({"messages":[],"maxTokens":1,"toolChoice":{"mode":"any"}})",
         "toolChoice.mode is not a known value"},
        {R"({"messages":[],"maxTokens":"1"})", "maxTokens: expected integer, got string"},
    };
    for (const auto& [text, expected] : table) {
        const auto params = wire::parsed(text);
        const auto read = mcp::read_sampling_params(params.if_object());
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(sampling, reads_one_block_or_many) {
    const auto one = mcp::read_sampling_result(
        wire::parsed(R"({"role":"assistant","content":{"type":"text","text":"Paris."},
            "model":"claude-3-sonnet-20240307","stopReason":"endTurn"})"));
    ASSERT_TRUE(one);
    EXPECT_EQ(one->text(), "Paris.");
    EXPECT_EQ(one->model, "claude-3-sonnet-20240307");
    EXPECT_EQ(one->stop_reason, "endTurn");
    EXPECT_TRUE(one->tool_uses().empty());

    const char* const many = R"({"role":"assistant","content":[{"type":"text","text":"Look"},)"
                             R"({"type":"tool_use","id":"1","name":"n","input":{}},)"
                             R"({"type":"text","text":"ing"}],"model":"m","stopReason":"toolUse"})";
    const auto read = mcp::read_sampling_result(wire::parsed(many));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text(), "Looking");
    ASSERT_EQ(read->tool_uses().size(), 1u);
    EXPECT_EQ(read->tool_uses()[0]->name, "n");
    EXPECT_EQ(wire::written(*read, mcp::latest), many);
}

TEST(sampling, refuses_results) {
    for (const char* bad : {"{}", R"({"role":"assistant","content":{"type":"text","text":""}})",
                            R"({"role":"assistant","content":1,"model":"m"})",
                            R"({"role":"system","content":[],"model":"m"})"}) {
        EXPECT_FALSE(mcp::read_sampling_result(wire::parsed(bad))) << bad;
    }
}

} // namespace
