// What the schema promises for an absent member is what decoding gives it.
#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace {

enum class colour { red, green };

struct point {
    double x = 0;
    double y = 0;
};

struct options {
    bool needed;
    bool off = false;
    std::int64_t low = INT64_MIN;
    std::uint64_t high = UINT64_MAX;
    double tenth = 0.1;
    double huge = 1.7976931348623157e308;
    double tiny = -4.9406564584124654e-324;
    float third = 1.0f / 3;
    colour paint = colour::green;
    std::optional<int> some = 7;
    std::vector<colour> paints = {colour::green, colour::red};
    std::array<point, 2> corners = {point{0.5, 1}, point{}};
    std::tuple<int, colour> pair{3, colour::green};
    std::variant<int, double> either = 2.5;
    std::chrono::seconds second{1};
    std::chrono::milliseconds negative{-1500};
    std::chrono::hours day{49};
    std::chrono::nanoseconds nano{90'000'000'001};
    std::chrono::seconds longest = std::chrono::seconds::min() + std::chrono::seconds{1};
    mcp::ranged<int, 1, 9> few = 1;
};

// Every compiler that reads this file finds these bytes.

template <class T>
constexpr std::string_view schema = mcp::schema_of<T>;

struct text_first {
    std::string query;
    std::string region;
    bool exact = false;
    double least = 0;
    colour paint = colour::red;
    point from = {1, 2};
};
static_assert(
    schema<text_first> ==
    R"({"type":"object","properties":{"query":{"type":"string"},"region":{"type":"string"},)"
    R"("exact":{"type":"boolean","default":false},"least":{"type":"number","default":0},)"
    R"("paint":{"type":"string","enum":["red","green"],"default":"red"},)"
    R"("from":{"type":"object","properties":{"x":{"type":"number","default":0},)"
    R"("y":{"type":"number","default":0}},"additionalProperties":false,)"
    R"("default":{"x":1,"y":2}}},"required":["query","region"],"additionalProperties":false})");

struct one_needed {
    std::string query;
    bool exact;
    double least = 0.5;
};
static_assert(schema<one_needed> ==
              R"({"type":"object","properties":{"query":{"type":"string"},)"
              R"("exact":{"type":"boolean"},"least":{"type":"number","default":0.5}},)"
              R"("required":["query","exact"],"additionalProperties":false})");

struct text_last {
    bool exact;
    std::vector<bool> bits;
    std::optional<bool> maybe;
    std::string query;
};
static_assert(schema<text_last> ==
              R"({"type":"object","properties":{"exact":{"type":"boolean"},)"
              R"("bits":{"type":"array","items":{"type":"boolean"}},"maybe":{"type":"boolean"},)"
              R"("query":{"type":"string"}},"required":["exact","bits","query"],)"
              R"("additionalProperties":false})");

struct beside_others {
    std::map<std::string, bool> map;
    mcp::json any;
    std::string text;
    bool off = false;
    double half = 0.5;
};
static_assert(schema<beside_others> ==
              R"({"type":"object","properties":{"map":{"type":"object","additionalProperties":)"
              R"({"type":"boolean"}},"any":{},"text":{"type":"string"},)"
              R"("off":{"type":"boolean"},"half":{"type":"number"}},)"
              R"("required":["map","any","text"],"additionalProperties":false})");

TEST(defaults_agree, beside_types_that_no_compiler_reads) {
    const auto value = mcp::parse_json(R"({"map":{},"any":1,"text":"a"})");
    const auto decoded = mcp::decode<beside_others>(*value);
    ASSERT_TRUE(decoded) << decoded.error().what();
    EXPECT_FALSE(decoded->off);
    EXPECT_EQ(decoded->half, 0.5);
}

TEST(defaults_agree, schema_and_decode) {
    const auto schema = mcp::parse_json(mcp::schema_of<options>);
    ASSERT_TRUE(schema);
    const auto minimal = mcp::parse_json(R"({"needed":true})");
    ASSERT_TRUE(minimal);
    const auto decoded = mcp::decode<options>(*minimal);
    ASSERT_TRUE(decoded) << decoded.error().what();

    mcp::json_object written{{"needed", true}, {"some", 7}};
    for (const auto& property : schema->at("properties").as_object()) {
        const auto& rules = property.value().as_object();
        if (property.key() == "needed" || property.key() == "some")
            continue;
        ASSERT_TRUE(rules.contains("default")) << property.key();
        written.emplace(property.key(), rules.at("default"));
    }
    const auto valid = mcp::schema::validator::compile(*schema)->validate(written);
    EXPECT_TRUE(valid) << valid.error().what();
    const auto from_written = mcp::decode<options>(written);
    ASSERT_TRUE(from_written) << from_written.error().what();
    EXPECT_EQ(mcp::encode(*from_written), mcp::encode(*decoded));
}

} // namespace
