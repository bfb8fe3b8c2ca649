#include <mcp/server/tool_output.hpp>

#include <mcp/server/server.hpp>

#include <gtest/gtest.h>

#include "server/peer.hpp"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tool_output_test {

using mcp::revision;
using test::peer;

struct point {
    int x = 1, y = 2;
};

enum class shade { light, dark };

constexpr std::string_view schemas[] = {"", R"({"title":"\"type\":", "type" : "object"})",
                                        R"({"properties":{"type":{"type":"object"}}})",
                                        R"({"anyOf":[{"type":"object"}]})",
                                        R"({"$comment":"type","type":"object"})"};

/// A type whose codec has one of these schemas.
template <int>
struct of_schema {};

} // namespace tool_output_test

template <int N>
struct mcp::codec<tool_output_test::of_schema<N>> {
    static constexpr std::string_view schema = tool_output_test::schemas[N];
    static void write(json_writer& w, const tool_output_test::of_schema<N>&) {
        w.begin_object();
        w.end_object();
    }
};

namespace tool_output_test {

static_assert(mcp::detail::is_structured<int> && mcp::detail::is_structured<point>);
static_assert(!mcp::detail::is_structured<std::string> && !mcp::detail::is_structured<void> &&
              !mcp::detail::is_structured<mcp::content> &&
              !mcp::detail::is_structured<mcp::tool_result>);
static_assert(mcp::detail::wraps_result<int> && mcp::detail::wraps_result<std::vector<point>>);
static_assert(!mcp::detail::wraps_result<point> &&
              !mcp::detail::wraps_result<std::map<std::string, int>>);
static_assert(!mcp::detail::wraps_result<mcp::json_object> &&
              mcp::detail::wraps_result<mcp::json_array>);
static_assert(!mcp::detail::wraps_result<std::map<shade, int>> &&
              mcp::detail::wraps_result<mcp::uuid>);
static_assert(!mcp::detail::wraps_result<of_schema<1>> && mcp::detail::wraps_result<of_schema<2>>);
static_assert(mcp::detail::wraps_result<of_schema<3>> && !mcp::detail::wraps_result<of_schema<4>>);

/// What each kind of result looks like: its text, and `structuredContent` for the clients that take
/// only objects and for those that take anything.
TEST(tool_output, by_type_and_revision) {
    mcp::server server("test", "1");
    server.tool<"int">("", [] { return 3; });
    server.tool<"struct">("", [] { return point{}; });
    server.tool<"list">("", [] { return std::vector<int>{1, 2}; });
    server.tool<"map">("", [] { return std::map<std::string, int>{{"a", 1}}; });
    server.tool<"none">("", [] { return std::optional<int>(); });
    server.tool<"json">("", [] { return mcp::json(mcp::json_object{{"a", 1}}); });
    server.tool<"json_list">("", [] { return mcp::json(mcp::json_array{1}); });
    server.tool<"owned">("", [] { return std::make_unique<point>(); });
    server.tool<"text">("", [] { return std::string("t"); });
    server.tool<"literal">("", [] { return "l"; });
    struct row {
        std::string_view tool, words, objects, anything;
    };
    const row table[] = {
        {"int", "3", R"({"result":3})", "3"},
        {"struct", R"({"x":1,"y":2})", R"({"x":1,"y":2})", R"({"x":1,"y":2})"},
        {"list", "[1,2]", R"({"result":[1,2]})", "[1,2]"},
        {"map", R"({"a":1})", R"({"a":1})", R"({"a":1})"},
        {"none", "null", R"({"result":null})", "null"},
        {"owned", R"({"x":1,"y":2})", R"({"result":{"x":1,"y":2}})", R"({"x":1,"y":2})"},
        {"json", R"({"a":1})", R"({"a":1})", R"({"a":1})"},
        {"json_list", "[1]", "", "[1]"},
        {"text", "t", "", ""},
        {"literal", "l", "", ""},
    };
    for (const revision r : test::revisions) {
        peer client(server, r);
        for (const row& each : table) {
            const auto got = client.tool(each.tool);
            EXPECT_EQ(got->words(), each.words) << got->text();
            const std::string_view shown = mcp::is_modern(r)            ? each.anything
                                           : r >= revision::v2025_06_18 ? each.objects
                                                                        : std::string_view();
            EXPECT_EQ(got->result("/structuredContent"), shown) << got->text();
        }
    }
}

TEST(tool_output, content_degrades_to_what_a_revision_knows) {
    mcp::server server("test", "1");
    server.tool<"image">("", [] { return mcp::image(mcp::bytes{1}, "image/png"); });
    server.tool<"audio">("", [] { return mcp::audio(mcp::bytes{1}, "audio/wav"); });
    server.tool<"all">("", [] {
        return std::vector<mcp::content>{mcp::content("a"), mcp::image(mcp::bytes{1}, "image/png")};
    });
    server.tool<"whole">("", [] {
        mcp::tool_result result("words");
        result.structured = R"({"n":1})";
        result.meta = {{"com.example/k", 1}};
        return result;
    });
    for (const revision r : test::revisions) {
        peer client(server, r);
        EXPECT_EQ(client.tool("image")->result("/content/0/type"), R"("image")");
        EXPECT_EQ(client.tool("audio")->result("/content/0/type"),
                  r == revision::v2024_11_05 ? R"("text")" : R"("audio")");
        EXPECT_EQ(client.tool("all")->result("/content/1/mimeType"), R"("image/png")");
        const auto whole = client.tool("whole");
        EXPECT_EQ(whole->words(), "words");
        EXPECT_EQ(whole->result("/_meta/com.example~1k"), "1") << whole->text();
        EXPECT_EQ(whole->result("/structuredContent").empty(), r < revision::v2025_06_18);
    }
}

} // namespace tool_output_test
