#include <mcp/protocol/content.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace {

using mcp::bytes;
using mcp::content;
using mcp::revision;

const bytes two{std::string_view{"\x00\xFF", 2}};

TEST(content, text) {
    wire::expect_written(content{"a\"b"}, {R"({"type":"text","text":"a\"b"})"});
    mcp::text marked{"x", mcp::annotations{{mcp::role::user}}};
    marked.meta["k"] = 1;
    wire::expect_written(
        content{marked},
        {R"({"type":"text","text":"x","annotations":{"audience":["user"]}})", nullptr,
         R"({"type":"text","text":"x","annotations":{"audience":["user"]},"_meta":{"k":1}})",
         nullptr, nullptr});
}

TEST(content, image) {
    wire::expect_written(content{mcp::image{two, "image/png"}},
                         {R"({"type":"image","data":"AP8=","mimeType":"image/png"})"});
}

TEST(content, audio_was_unknown_at_first) {
    wire::expect_written(content{mcp::audio{two, "audio/wav"}},
                         {R"({"type":"text","text":"[audio: audio/wav, 2 bytes]"})",
                          R"({"type":"audio","data":"AP8=","mimeType":"audio/wav"})"});
}

TEST(content, resource_link_was_unknown_for_long) {
    mcp::resource_link link{"file:///a", "a", "A file", "text/plain"};
    link.icons = {mcp::icon{"data:,"}};
    wire::expect_written(
        content{link},
        {R"({"type":"text","text":"[resource: a, file:///a]"})", nullptr,
         R"({"type":"resource_link","uri":"file:///a","name":"a","description":"A file",)"
         R"("mimeType":"text/plain"})",
         R"({"type":"resource_link","uri":"file:///a","name":"a","description":"A file",)"
         R"("mimeType":"text/plain","icons":[{"src":"data:,"}]})",
         nullptr});
}

TEST(content, embedded_resource) {
    mcp::embedded_resource words{{"x://t", "text/plain", std::string{"hi"}},
                                 mcp::annotations{{}, 0.5, "2025"}};
    words.resource.meta["r"] = 1;
    words.meta["e"] = 2;
    wire::expect_written(
        content{words},
        {R"({"type":"resource","resource":{"uri":"x://t","mimeType":"text/plain","text":"hi"},)"
         R"("annotations":{"priority":0.5}})",
         nullptr,
         R"({"type":"resource","resource":{"uri":"x://t","mimeType":"text/plain","text":"hi",)"
         R"("_meta":{"r":1}},"annotations":{"priority":0.5,"lastModified":"2025"},)"
         R"("_meta":{"e":2}})",
         nullptr, nullptr});
    const mcp::embedded_resource blob{{"x://b", "image/png", two}};
    wire::expect_written(
        content{blob},
        {R"({"type":"resource","resource":{"uri":"x://b","mimeType":"image/png","blob":"AP8="}})"});
}

TEST(content, reads_what_it_writes) {
    const char* const table[] = {
        R"({"type":"text","text":"a","annotations":{"audience":["user"]},"_meta":{"k":1}})",
        R"({"type":"image","data":"AP8=","mimeType":"image/png"})",
        R"({"type":"audio","data":"","mimeType":"audio/wav"})",
        R"({"type":"resource_link","uri":"file:///a","name":"a","size":3})",
        R"({"type":"resource","resource":{"uri":"x://b","blob":"AP8="}})",
        R"({"type":"resource","resource":{"uri":"x://b","text":""}})",
    };
    for (const char* text : table) {
        const auto read = mcp::read_content(wire::parsed(text));
        ASSERT_TRUE(read) << text << read.error().what();
        EXPECT_EQ(wire::written(*read, mcp::latest), text);
    }
}

TEST(content, refuses) {
    const std::pair<const char*, const char*> table[] = {
        {"1", "c: expected content of type text, image, audio, resource_link or resource"},
        {"{}", "c: expected content of type text, image, audio, resource_link or resource"},
        {R"({"type":"video"})",
         "c: expected content of type text, image, audio, resource_link or resource"},
        {R"({"type":"text"})", "c.text is missing"},
        {R"({"type":"image","data":"AP8=!","mimeType":"x"})", "c.data is not base64"},
        {R"({"type":"image","data":"AP8="})", "c.mimeType is missing"},
        {R"({"type":"resource_link","uri":"x"})", "c.name is missing"},
        {R"({"type":"resource","resource":{}})", "c.resource.uri is missing"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = mcp::read_content(wire::parsed(text), "c");
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(content, comes_from_words) {
    const std::string words = "w";
    const std::vector<content> blocks{"a", words, mcp::image{two, "image/png"}};
    EXPECT_EQ(*blocks[0].if_text(), "a");
    EXPECT_EQ(*blocks[1].if_text(), "w");
    EXPECT_EQ(blocks[2].if_text(), nullptr);
}

} // namespace
