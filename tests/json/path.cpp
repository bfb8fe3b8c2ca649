#include <mcp/json/path.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;

TEST(path, renders_its_steps) {
    const mcp::json_path filter{nullptr, "filter", 0};
    const mcp::json_path tags{&filter, "tags", 0};
    const mcp::json_path third{&tags, {}, 2};
    const mcp::json_path odd{&third, "a b", 0};
    const mcp::json_path nameless{&odd, "", 0};

    EXPECT_EQ(mcp::render_path("arguments", nullptr), "arguments");
    EXPECT_EQ(mcp::render_path("", nullptr), "");
    EXPECT_EQ(mcp::render_path("", &filter), "filter");
    EXPECT_EQ(mcp::render_path("arguments", &third), "arguments.filter.tags[2]");
    EXPECT_EQ(mcp::render_path("", &odd), R"(filter.tags[2]["a b"])");
    EXPECT_EQ(mcp::render_path("", &nameless), R"(filter.tags[2]["a b"][""])");
}

TEST(path, joins) {
    EXPECT_EQ(mcp::join_paths("arguments", "x"), "arguments.x");
    EXPECT_EQ(mcp::join_paths("arguments", "[2].x"), "arguments[2].x");
    EXPECT_EQ(mcp::join_paths("arguments", ""), "arguments");
    EXPECT_EQ(mcp::join_paths("", "x"), "x");
}

TEST(path, quotes_what_a_peer_sent) {
    EXPECT_EQ(mcp::quoted_excerpt("plain"), R"("plain")");
    EXPECT_EQ(mcp::quoted_excerpt(""), R"("")");
    EXPECT_EQ(mcp::quoted_excerpt("a\r\nb\0c\x7F"sv), R"("a??b?c?")");
    EXPECT_EQ(mcp::quoted_excerpt("\xFF\xC3\xA4"), "\"\xEF\xBF\xBD\xC3\xA4\"");
    EXPECT_EQ(mcp::quoted_excerpt(std::string(64, 'x')), '"' + std::string(64, 'x') + '"');
    EXPECT_EQ(mcp::quoted_excerpt(std::string(65, 'x')), '"' + std::string(64, 'x') + "...\"");
    EXPECT_EQ(mcp::quoted_excerpt(std::string(62, 'x') + "\xE2\x82\xAC"),
              '"' + std::string(62, 'x') + "...\"");
}

} // namespace
