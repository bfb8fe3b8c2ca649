#include <mcp/protocol/member_reader.hpp>

#include <gtest/gtest.h>

#include "wire.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using mcp::member_reader;

struct point {
    std::int64_t x = 0;
    std::optional<double> y;
    friend bool operator==(const point&, const point&) = default;
};

mcp::result<point, mcp::decode_error> read_point(mcp::json_view value, std::string_view path) {
    member_reader r{value, path};
    point read;
    r.need("x", read.x);
    r.take("y", read.y);
    return r.finish(std::move(read));
}

struct everything {
    std::string text;
    bool truth = false;
    std::vector<std::string> words;
    std::vector<point> points;
    std::optional<point> at;
    mcp::json_object object;
};

mcp::result<everything, mcp::decode_error> read_everything(std::string_view text,
                                                           std::string_view path = {}) {
    const mcp::json value = wire::parsed(text);
    member_reader r{value, path};
    everything read;
    r.need("text", read.text);
    r.take("truth", read.truth);
    r.take("words", read.words);
    r.take_list("points", read.points, read_point);
    r.take("at", read.at, read_point);
    r.take("object", read.object);
    return r.finish(std::move(read));
}

TEST(member_reader, reads_all_kinds) {
    const auto read = read_everything(R"({"text":"t","truth":true,"words":["a","b"],
        "points":[{"x":1},{"x":2.0,"y":3}],"at":{"x":-1,"y":0.5},"object":{"k":null},
        "unknown":{}})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text, "t");
    EXPECT_TRUE(read->truth);
    EXPECT_EQ(read->words, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(read->points, (std::vector<point>{{1, std::nullopt}, {2, 3.0}}));
    EXPECT_EQ(read->at, (point{-1, 0.5}));
    EXPECT_TRUE(read->object.contains("k"));
}

TEST(member_reader, optional_members_may_be_absent_or_null) {
    for (const char* text :
         {R"({"text":""})", R"({"text":"","truth":null,"words":null,"points":null,"at":null})"}) {
        const auto read = read_everything(text);
        ASSERT_TRUE(read) << text;
        EXPECT_FALSE(read->truth);
        EXPECT_FALSE(read->at);
    }
}

TEST(member_reader, an_empty_array_is_an_empty_object) {
    EXPECT_EQ(read_everything("[]").error().what(), "text is missing");
    const auto read = read_everything(R"({"text":"","object":[]})");
    ASSERT_TRUE(read);
    EXPECT_TRUE(read->object.empty());
    const mcp::json value = wire::parsed(R"({"a":[],"b":null,"c":7})");
    member_reader r{value};
    mcp::json_view object;
    r.take("a", object);
    ASSERT_TRUE(object);
    EXPECT_TRUE(object.size() == 0);
    EXPECT_FALSE(r.find_present("b"));
    EXPECT_TRUE(r.find_present("c"));
}

TEST(member_reader, says_where_the_first_mistake_is) {
    const std::pair<const char*, const char*> table[] = {
        {"1", "expected object, got number"},
        {"{}", "text is missing"},
        {R"({"text":null})", "text: expected string, got null"},
        {R"({"text":1,"truth":1})", "text: expected string, got number"},
        {R"({"text":"","truth":"yes"})", "truth: expected boolean, got string"},
        {R"({"text":"","words":{}})", "words: expected array, got object"},
        {R"({"text":"","words":["a",true]})", "words[1]: expected string, got boolean"},
        {R"({"text":"","points":[{"x":1},{}]})", "points[1].x is missing"},
        {R"({"text":"","points":[{"x":1.5}]})", "points[0].x: expected integer, got number"},
        {R"({"text":"","points":[{"x":1e30}]})", "points[0].x: expected integer, got number"},
        {R"({"text":"","at":{"x":1,"y":"2"}})", "at.y: expected number, got string"},
        {R"({"text":"","at":[]})", "at.x is missing"},
        {R"({"text":"","at":[1]})", "at: expected object, got array"},
        {R"({"text":"","object":[1]})", "object: expected object, got array"},
    };
    for (const auto& [text, expected] : table) {
        const auto read = read_everything(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().what(), expected);
    }
    const auto nested = read_everything("{}", "params.filter");
    ASSERT_FALSE(nested);
    EXPECT_EQ(nested.error().what(), "params.filter.text is missing");
}

TEST(member_reader, no_object_reads_like_an_empty_one) {
    member_reader r{mcp::json_view{}};
    std::string text = "kept";
    r.take("text", text);
    EXPECT_EQ(text, "kept");
    EXPECT_FALSE(r.failed());
    r.need("text", text);
    EXPECT_TRUE(r.failed());
}

} // namespace
