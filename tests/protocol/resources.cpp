#include <mcp/protocol/resources.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <chrono>
#include <string>

namespace {

using mcp::bytes;
using mcp::resource_contents;
using mcp::resource_definition;
using mcp::resource_result;
using mcp::resource_template_definition;
using mcp::revision;

TEST(resources, definition_by_revision) {
    resource_definition file{"file:///a.rs", "a.rs", "A file", "text/x-rust"};
    file.title = "Main";
    file.size = 1024;
    file.annotations.priority = 0.5;
    file.icons = {mcp::icon{"data:,"}};
    file.meta["x/y"] = true;
    wire::expect_written(
        file, {R"({"uri":"file:///a.rs","name":"a.rs","description":"A file",)"
               R"("mimeType":"text/x-rust","annotations":{"priority":0.5},"size":1024})",
               nullptr,
               R"({"uri":"file:///a.rs","name":"a.rs","title":"Main","description":"A file",)"
               R"("mimeType":"text/x-rust","annotations":{"priority":0.5},"size":1024,)"
               R"("_meta":{"x/y":true}})",
               R"({"uri":"file:///a.rs","name":"a.rs","title":"Main","description":"A file",)"
               R"("mimeType":"text/x-rust","annotations":{"priority":0.5},"size":1024,)"
               R"("icons":[{"src":"data:,"}],"_meta":{"x/y":true}})",
               nullptr});
    const auto text = wire::written(file, mcp::latest);
    EXPECT_EQ(wire::written(mcp::read_resource_definition(wire::parsed(text)).value(), mcp::latest),
              text);
}

TEST(resources, template_by_revision) {
    resource_template_definition t{"file:///{+path}", "files"};
    t.title = "Files";
    wire::expect_written(t, {R"({"uriTemplate":"file:///{+path}","name":"files"})", nullptr,
                             R"({"uriTemplate":"file:///{+path}","name":"files","title":"Files"})",
                             nullptr, nullptr});
    const auto text = wire::written(t, mcp::latest);
    EXPECT_EQ(wire::written(mcp::read_resource_template_definition(wire::parsed(text)).value(),
                            mcp::latest),
              text);
}

TEST(resources, result_by_revision) {
    resource_contents words{"x://t", "text/plain", std::string{"hi\n"}};
    words.meta["a"] = 1;
    const resource_result both{{words, {"x://b", "", bytes{std::string_view{"\x00\xFF", 2}}}}};
    wire::expect_each(
        {R"({"contents":[{"uri":"x://t","mimeType":"text/plain","text":"hi\n"},)"
         R"({"uri":"x://b","blob":"AP8="}]})",
         nullptr,
         R"({"contents":[{"uri":"x://t","mimeType":"text/plain","text":"hi\n","_meta":{"a":1}},)"
         R"({"uri":"x://b","blob":"AP8="}]})",
         nullptr,
         R"({"resultType":"complete","contents":[{"uri":"x://t","mimeType":"text/plain",)"
         R"("text":"hi\n","_meta":{"a":1}},{"uri":"x://b","blob":"AP8="}],)"
         R"("ttlMs":0,"cacheScope":"private"})"},
        [&](revision r) { return wire::written(both, r); });
}

TEST(resources, a_results_own_caching_wins) {
    using namespace std::chrono_literals;
    resource_result one{resource_contents{"x://t", "", std::string{}}};
    const mcp::cache_policy servers{1ms, mcp::cache_scope::public_};
    EXPECT_EQ(wire::written(one, mcp::latest, std::string_view{}, servers),
              R"({"resultType":"complete","contents":[{"uri":"x://t","text":""}],)"
              R"("ttlMs":1,"cacheScope":"public"})");
    one.caching = mcp::cache_policy{2ms};
    EXPECT_EQ(wire::written(one, mcp::latest, std::string_view{}, servers),
              R"({"resultType":"complete","contents":[{"uri":"x://t","text":""}],)"
              R"("ttlMs":2,"cacheScope":"private"})");
}

TEST(resources, result_round_trip) {
    const auto read = mcp::read_resource_result(
        wire::parsed(R"({"contents":[{"uri":"a","text":"t"},{"uri":"b","blob":"AP8="}],
                        "ttlMs":7,"cacheScope":"private"})"));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->contents.size(), 2u);
    EXPECT_EQ(*read->contents[0].text(), "t");
    EXPECT_EQ(read->contents[0].blob(), nullptr);
    EXPECT_EQ(read->contents[1].blob()->view(), std::string_view("\x00\xFF", 2));
    EXPECT_EQ(read->contents[1].text(), nullptr);
    EXPECT_EQ(read->caching->ttl.count(), 7);
    const auto nulls = mcp::read_resource_result(wire::parsed(
        R"({"contents":[{"uri":"a","text":null,"blob":"","mimeType":null}],"ttlMs":null})"));
    ASSERT_TRUE(nulls);
    EXPECT_FALSE(nulls->caching);
}

TEST(resources, refuses) {
    const std::pair<const char*, const char*> table[] = {
        {R"({})", "contents is missing"},
        {R"({"contents":[{"uri":"a"}]})", "contents[0].blob is missing"},
        {R"({"contents":[{"uri":"a","blob":"AP8"}]})", "contents[0].blob is not base64"},
        {R"({"contents":[{"uri":"a","blob":"A P8="}]})", "contents[0].blob is not base64"},
        {R"({"contents":[{"text":"a"}]})", "contents[0].uri is missing"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = mcp::read_resource_result(wire::parsed(text));
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
}

TEST(resources, reads_the_uri_of_a_request) {
    const auto params = wire::parsed(R"({"uri":"x://1","_meta":{}})");
    EXPECT_EQ(mcp::read_resource_params(params.if_object()).value(), "x://1");
    EXPECT_FALSE(mcp::read_resource_params(nullptr));
}

} // namespace
