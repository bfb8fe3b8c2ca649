#include <mcp/http/media_type.hpp>

#include <gtest/gtest.h>

#include <string_view>
#include <utility>
#include <vector>

namespace media_type_test {

using mcp::http::fields;

TEST(media_type, accept) {
    constexpr std::string_view json = "application/json";
    for (const char* yes :
         {"application/json", "Application/JSON", "*/*", "application/*", "text/html, */*;q=0.1",
          " text/html ,\tapplication/json ; q=0.5", "text/html,application/json"})
        EXPECT_TRUE(mcp::http::accepts_media(yes, json)) << yes;
    for (const char* no : {"", ",", "text/*", "application/jsonx", "application", "application/xml",
                           "x/*", "json", "application/json/x"})
        EXPECT_FALSE(mcp::http::accepts_media(no, json)) << no;
    for (const char* yes :
         {"application/json;q=0.001", "application/json;q=1", "application/json; Q=0.5",
          "*/*;q=0, application/json", "application/json, */*;q=0",
          "application/*;q=0,application/json", "application/json;q=0, application/json",
          "application/json;x=\"a,b;q=0\"", "text/html;x=\"\\\",application/json\", */*",
          "application/json;q=", "application/json;q=00"})
        EXPECT_TRUE(mcp::http::accepts_media(yes, json)) << yes;
    for (const char* no :
         {"application/json;q=0", "application/json; q=0.000", "application/json ;Q=0.",
          "application/json;v=1;q=0", "*/*;q=0", "application/*;q=0", "application/json;q=0, */*",
          "*/*, application/json;q=0", "application/*;q=0, */*",
          "text/html;x=\",application/json\"", "text/html;x=\"application/json"})
        EXPECT_FALSE(mcp::http::accepts_media(no, json)) << no;
    fields refused;
    refused.add("Accept", "application/json;q=0");
    refused.add("Accept", "*/*");
    EXPECT_FALSE(mcp::http::accepts_media(refused, json));
    fields several;
    EXPECT_FALSE(mcp::http::accepts_media(several, json));
    several.add("Accept", "text/event-stream");
    EXPECT_FALSE(mcp::http::accepts_media(several, json));
    several.add("ACCEPT", json);
    EXPECT_TRUE(mcp::http::accepts_media(several, json));
}

TEST(media_type, plain_body) {
    const std::pair<std::vector<std::string_view>, bool> table[] = {{{}, true},
                                                                    {{""}, true},
                                                                    {{"identity"}, true},
                                                                    {{"Identity"}, true},
                                                                    {{"gzip"}, false},
                                                                    {{"identity, br"}, false},
                                                                    {{"identity", "gzip"}, false}};
    for (const auto& [values, plain] : table) {
        fields headers;
        headers.add("Accept-Encoding", "gzip");
        for (const auto each : values)
            headers.add("Content-encoding", each);
        EXPECT_EQ(mcp::http::has_plain_body(headers), plain);
    }
}

TEST(media_type, of_content) {
    constexpr std::string_view json = "application/json";
    for (const char* yes : {"application/json", "APPLICATION/json",
                            "application/json;charset=utf-8", "application/json ; x=y"})
        EXPECT_TRUE(mcp::http::is_media(yes, json)) << yes;
    for (const char* no : {"", "text/plain", "application/jsonp", "application/*", "*/*"})
        EXPECT_FALSE(mcp::http::is_media(no, json)) << no;
}

} // namespace media_type_test
