#include <mcp/protocol/prompts.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <vector>

namespace {

using mcp::prompt_definition;
using mcp::prompt_result;

prompt_definition full() {
    prompt_definition p{"code_review", "Reviews code", {mcp::prompt_argument{"code", "", true}}};
    p.title = "Review";
    p.arguments[0].title = "Code";
    p.icons = {mcp::icon{"data:,"}};
    p.meta["a"] = 1;
    return p;
}

TEST(prompts, definition_by_revision) {
    wire::expect_written(
        full(), {R"({"name":"code_review","description":"Reviews code",)"
                 R"("arguments":[{"name":"code","required":true}]})",
                 nullptr,
                 R"({"name":"code_review","title":"Review","description":"Reviews code",)"
                 R"("arguments":[{"name":"code","title":"Code","required":true}],"_meta":{"a":1}})",
                 R"({"name":"code_review","title":"Review","description":"Reviews code",)"
                 R"("arguments":[{"name":"code","title":"Code","required":true}],)"
                 R"("icons":[{"src":"data:,"}],"_meta":{"a":1}})",
                 nullptr});
    const auto text = wire::written(full(), mcp::latest);
    EXPECT_EQ(wire::written(mcp::read_prompt_definition(wire::parsed(text)).value(), mcp::latest),
              text);
}

TEST(prompts, result_by_revision) {
    prompt_result result{{mcp::user_message("Review this"),
                          mcp::assistant_message(mcp::audio{mcp::bytes{}, "audio/wav"})},
                         "A review"};
    wire::expect_written(
        result,
        {R"({"description":"A review","messages":[)"
         R"({"role":"user","content":{"type":"text","text":"Review this"}},)"
         R"({"role":"assistant","content":{"type":"text","text":"[audio: audio/wav, 0 bytes]"}}]})",
         R"({"description":"A review","messages":[)"
         R"({"role":"user","content":{"type":"text","text":"Review this"}},)"
         R"({"role":"assistant","content":{"type":"audio","data":"","mimeType":"audio/wav"}}]})",
         nullptr, nullptr,
         R"({"resultType":"complete","description":"A review","messages":[)"
         R"({"role":"user","content":{"type":"text","text":"Review this"}},)"
         R"({"role":"assistant","content":{"type":"audio","data":"","mimeType":"audio/wav"}}]})"});
}

TEST(prompts, words_alone_are_one_message_of_the_user) {
    EXPECT_EQ(wire::written(prompt_result{"hi"}, mcp::latest_legacy),
              R"({"messages":[{"role":"user","content":{"type":"text","text":"hi"}}]})");
}

TEST(prompts, result_round_trip) {
    const char* const text = R"({"resultType":"complete","description":"d","messages":[)"
                             R"({"role":"assistant","content":{"type":"text","text":"x"}}]})";
    const auto read = mcp::read_prompt_result(wire::parsed(text));
    ASSERT_TRUE(read);
    EXPECT_EQ(wire::written(*read, mcp::latest), text);
}

TEST(prompts, refuses_results) {
    const std::pair<const char*, const char*> table[] = {
        {"{}", "messages is missing"},
        {R"({"messages":[{"role":"system","content":{"type":"text","text":""}}]})",
         "messages[0].role: expected user or assistant"},
        {R"({"messages":[{"role":"user","content":{"type":"text"}}]})",
         "messages[0].content.text is missing"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = mcp::read_prompt_result(wire::parsed(text));
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(prompts, reads_params) {
    const auto params = wire::parsed(R"({"name":"p","arguments":{"a":"1","b":""}})");
    const auto read = mcp::read_prompt_params(params.if_object());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->name, "p");
    ASSERT_NE(read->find("a"), nullptr);
    EXPECT_EQ(*read->find("a"), "1");
    EXPECT_EQ(*read->find("b"), "");
    EXPECT_EQ(read->find("c"), nullptr);
    for (const char* none :
         {R"({"name":"p"})", R"({"name":"p","arguments":null})", R"({"name":"p","arguments":[]})",
          R"({"name":"p","arguments":{"a":null}})"}) {
        const auto value = wire::parsed(none);
        const auto without = mcp::read_prompt_params(value.if_object());
        ASSERT_TRUE(without) << none;
        EXPECT_TRUE(without->arguments.empty()) << none;
    }
    for (const char* bad : {"{}", R"({"name":"p","arguments":[1]})",
                            R"({"name":"p","arguments":{"a":1}})", R"({"name":5})"}) {
        const auto value = wire::parsed(bad);
        EXPECT_FALSE(mcp::read_prompt_params(value.if_object())) << bad;
    }
}

} // namespace
