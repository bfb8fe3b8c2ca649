#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using mcp::schema_of;

enum class colour { red, green };
enum class size { small, large };

struct point {
    int x;
    int y;
};

struct line {
    point from;
    point to;
};

struct circle {
    point middle;
    double radius;
};

struct tree {
    std::string name;
    std::vector<tree> children;
};

struct forest {
    std::vector<tree> trees;
};

struct empty {};

// scalars

static_assert(schema_of<bool> == R"({"type":"boolean"})");
static_assert(schema_of<const bool> == R"({"type":"boolean"})");
static_assert(schema_of<std::int8_t> == R"({"type":"integer","minimum":-128,"maximum":127})");
static_assert(schema_of<std::uint8_t> == R"({"type":"integer","minimum":0,"maximum":255})");
static_assert(schema_of<short> == R"({"type":"integer","minimum":-32768,"maximum":32767})");
static_assert(schema_of<int> == R"({"type":"integer"})");
static_assert(schema_of<unsigned> == R"({"type":"integer","minimum":0})");
static_assert(schema_of<std::int64_t> == R"({"type":"integer"})");
static_assert(schema_of<std::uint64_t> == R"({"type":"integer","minimum":0})");
static_assert(schema_of<double> == R"({"type":"number"})");
static_assert(schema_of<float> == R"({"type":"number"})");
static_assert(schema_of<std::string> == R"({"type":"string"})");
static_assert(schema_of<std::string_view> == R"({"type":"string"})");
static_assert(schema_of<colour> == R"({"type":"string","enum":["red","green"]})");
static_assert(schema_of<mcp::bytes> == R"({"type":"string","contentEncoding":"base64"})");
static_assert(schema_of<mcp::json> == "{}");
static_assert(schema_of<mcp::json_object> == R"({"type":"object"})");
static_assert(schema_of<mcp::json_array> == R"({"type":"array"})");
static_assert(schema_of<std::chrono::seconds> ==
              R"({"type":"string","description":"ISO 8601 duration such as PT1M30S",)"
              R"("pattern":"^[-+]?P\\B(\\d+W)?(\\d+D)?(T\\B(\\d+H)?(\\d+M)?(\\d+(\\.0+)?S)?)?$"})");
static_assert(
    schema_of<std::chrono::duration<double>> ==
    R"({"type":"string","description":"ISO 8601 duration such as PT1M30S",)"
    R"("pattern":"^[-+]?P\\B(\\d+W)?(\\d+D)?(T\\B(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?)?$"})");
static_assert(schema_of<std::chrono::days> ==
              R"({"type":"string","description":"ISO 8601 duration such as P3D, in whole days",)"
              R"("pattern":"^[-+]?P\\B(\\d+W)?(\\d+D)?$"})");
static_assert(
    schema_of<std::chrono::sys_time<std::chrono::milliseconds>> ==
    R"({"type":"string","format":"date-time","pattern":"^[^.]*(\\.\\d{1,3}0*)?[^.\\d][^.]*$"})");
static_assert(schema_of<std::chrono::sys_seconds> ==
              R"({"type":"string","format":"date-time","pattern":"^[^.]*(\\.0+)?[^.\\d][^.]*$"})");
static_assert(schema_of<std::chrono::sys_days> == R"({"type":"string","format":"date"})");
static_assert(schema_of<std::chrono::year_month_day> == R"({"type":"string","format":"date"})");
static_assert(schema_of<std::monostate> == R"({"type":"null"})");

// containers

static_assert(schema_of<std::optional<bool>> ==
              R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})");
static_assert(schema_of<std::vector<bool>> == R"({"type":"array","items":{"type":"boolean"}})");
static_assert(schema_of<std::deque<std::vector<bool>>> ==
              R"({"type":"array","items":{"type":"array","items":{"type":"boolean"}}})");
static_assert(schema_of<std::array<bool, 3>> ==
              R"({"type":"array","items":{"type":"boolean"},"minItems":3,"maxItems":3})");
static_assert(schema_of<std::set<std::string>> ==
              R"({"type":"array","items":{"type":"string"},"uniqueItems":true})");
static_assert(schema_of<std::map<std::string, bool>> ==
              R"({"type":"object","additionalProperties":{"type":"boolean"}})");
static_assert(schema_of<std::unordered_map<std::string, mcp::json>> ==
              R"({"type":"object","additionalProperties":{}})");
static_assert(
    schema_of<std::map<colour, bool>> ==
    R"({"type":"object","propertyNames":{"enum":["red","green"]},"additionalProperties":{"type":"boolean"}})");
static_assert(
    schema_of<std::tuple<bool, std::string>> ==
    R"({"type":"array","prefixItems":[{"type":"boolean"},{"type":"string"}],"items":false,"minItems":2})");
static_assert(
    schema_of<std::pair<bool, bool>> ==
    R"({"type":"array","prefixItems":[{"type":"boolean"},{"type":"boolean"}],"items":false,"minItems":2})");
static_assert(schema_of<std::tuple<>> == R"({"type":"array","items":false,"minItems":0})");

// variants: oneOf only where no value fits two

static_assert(schema_of<std::variant<bool, std::string>> ==
              R"({"oneOf":[{"type":"boolean"},{"type":"string"}]})");
static_assert(schema_of<std::variant<std::monostate, double>> ==
              R"({"oneOf":[{"type":"null"},{"type":"number"}]})");
static_assert(schema_of<std::variant<std::int64_t, double>> ==
              R"({"anyOf":[{"type":"integer"},{"type":"number"}]})");
static_assert(schema_of<std::variant<colour, std::string>>.starts_with(R"({"anyOf":)"));
static_assert(schema_of<std::variant<mcp::json, bool>>.starts_with(R"({"anyOf":)"));
static_assert(schema_of<std::variant<point, line>>.starts_with(R"({"oneOf":)"));
static_assert(schema_of<std::variant<point, empty>>.starts_with(R"({"oneOf":)"));
static_assert(schema_of<std::variant<std::vector<int>, std::set<int>>>.starts_with(R"({"anyOf":)"));

// structs

static_assert(schema_of<empty> ==
              R"({"type":"object","properties":{},"additionalProperties":false})");

struct options {
    bool needed;
    std::optional<bool> maybe;
    std::optional<bool> on = true;
    bool off = false;
    double ratio = 0.25;
    colour paint = colour::green;
    std::vector<colour> paints = {colour::red};
    std::chrono::milliseconds wait{1500};
    std::int64_t low = INT64_MIN;
    std::uint64_t high = UINT64_MAX;
    std::array<bool, 2> pair{true, true};
};

static_assert(
    schema_of<options> ==
    R"({"type":"object","properties":{"needed":{"type":"boolean"},"maybe":{"type":"boolean"},)"
    R"("on":{"type":"boolean"},"off":{"type":"boolean","default":false},)"
    R"("ratio":{"type":"number","default":0.25},)"
    R"("paint":{"type":"string","enum":["red","green"],"default":"green"},)"
    R"("paints":{"type":"array","items":{"type":"string","enum":["red","green"]},"default":["red"]},)"
    R"("wait":{"type":"string","description":"ISO 8601 duration such as PT1M30S",)"
    R"("pattern":"^[-+]?P\\B(\\d+W)?(\\d+D)?(T\\B(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,3}0*)?S)?)?$",)"
    R"("default":"PT1.5S"},)"
    R"("low":{"type":"integer","default":-9223372036854775808},)"
    R"("high":{"type":"integer","minimum":0,"default":18446744073709551615},)"
    R"("pair":{"type":"array","items":{"type":"boolean"},"minItems":2,"maxItems":2,)"
    R"("default":[true,true]}},"required":["needed"],"additionalProperties":false})");

// one mention stands in place, several in $defs

static_assert(
    schema_of<std::vector<empty>> ==
    R"({"type":"array","items":{"type":"object","properties":{},"additionalProperties":false}})");

#define POINT                                                                                      \
    R"({"type":"object","properties":{)"                                                           \
    R"("x":{"type":"integer"},)"                                                                   \
    R"("y":{"type":"integer"}},)"                                                                  \
    R"("required":["x","y"],"additionalProperties":false})"

static_assert(schema_of<point> == POINT);
static_assert(schema_of<circle> == R"({"type":"object","properties":{"middle":)" POINT
                                   R"(,"radius":{"type":"number"}},"required":["middle","radius"],)"
                                   R"("additionalProperties":false})");
static_assert(schema_of<line> ==
              R"({"type":"object","properties":{"from":{"$ref":"#/$defs/point"},)"
              R"("to":{"$ref":"#/$defs/point"}},"required":["from","to"],)"
              R"("additionalProperties":false,"$defs":{"point":)" POINT "}}");
static_assert(
    schema_of<std::pair<point, point>> ==
    R"({"type":"array","prefixItems":[{"$ref":"#/$defs/point"},{"$ref":"#/$defs/point"}],)"
    R"("items":false,"minItems":2,"$defs":{"point":)" POINT "}}");

static_assert(schema_of<tree> == R"({"type":"object","properties":{"name":{"type":"string"},)"
                                 R"("children":{"type":"array","items":{"$ref":"#"}}},)"
                                 R"("required":["name","children"],"additionalProperties":false})");
static_assert(schema_of<forest> ==
              R"({"type":"object","properties":{"trees":{"type":"array","items":)"
              R"({"$ref":"#/$defs/tree"}}},"required":["trees"],"additionalProperties":false,)"
              R"("$defs":{"tree":{"type":"object","properties":{"name":{"type":"string"},)"
              R"("children":{"type":"array","items":{"$ref":"#/$defs/tree"}}},)"
              R"("required":["name","children"],"additionalProperties":false}}})");

namespace elsewhere {
struct point {
    bool z;
};
} // namespace elsewhere

struct two_points {
    point a, b;
    elsewhere::point c, d;
};

/// `text.find(part) != npos`, which g++ -fsanitize=undefined does not take for a constant.
constexpr bool contains(std::string_view text, std::string_view part) {
    for (; text.size() >= part.size(); text.remove_prefix(1))
        if (text.starts_with(part))
            return true;
    return false;
}

static_assert(contains(schema_of<two_points>, R"("b":{"$ref":"#/$defs/point"},)"));
static_assert(contains(schema_of<two_points>, R"("d":{"$ref":"#/$defs/point_2"}})"));
static_assert(schema_of<two_points>.ends_with(
    R"("point_2":{"type":"object","properties":{"z":{"type":"boolean"}},"required":["z"],"additionalProperties":false}}})"));

// parameter lists

static_assert(schema_of<mcp::arguments<>> ==
              R"({"type":"object","properties":{},"additionalProperties":false})");
static_assert(schema_of<mcp::arguments<mcp::arg<"city", std::string, "Where">,
                                       mcp::arg<"exact", std::optional<bool>>>> ==
              R"({"type":"object","properties":{"city":{"type":"string","description":"Where"},)"
              R"("exact":{"type":"boolean"}},"required":["city"],"additionalProperties":false})");
static_assert(schema_of<mcp::arguments<mcp::arg<"at", point>, mcp::arg<"to", point>>> ==
              R"({"type":"object","properties":{"at":{"$ref":"#/$defs/point"},)"
              R"("to":{"$ref":"#/$defs/point"}},"required":["at","to"],)"
              R"("additionalProperties":false,"$defs":{"point":)" POINT "}}");

// constrained types

static_assert(schema_of<mcp::ranged<int, 1, 100>> ==
              R"({"type":"integer","minimum":1,"maximum":100})");
#if !defined(__clang__) || __clang_major__ >= 18 // before, no fractions as template arguments
static_assert(schema_of<mcp::ranged<double, 0, 0.5>> ==
              R"({"type":"number","minimum":0,"maximum":0.5})");
#endif
static_assert(schema_of<mcp::sized<std::string, 1, 80>> ==
              R"({"type":"string","minLength":1,"maxLength":80})");
static_assert(schema_of<mcp::sized<std::vector<bool>, 2>> ==
              R"({"type":"array","items":{"type":"boolean"},"minItems":2})");
static_assert(schema_of<mcp::sized<std::map<std::string, bool>, 0, 3>> ==
              R"({"type":"object","maxProperties":3,"additionalProperties":{"type":"boolean"}})");
static_assert(schema_of<mcp::formatted<"email">> == R"({"type":"string","format":"email"})");
static_assert(schema_of<std::vector<mcp::ranged<int, 1, 2>>> ==
              R"({"type":"array","items":{"type":"integer","minimum":1,"maximum":2}})");

} // namespace

// words

namespace {

struct place {
    bool x;
    bool y;
};

struct search {
    std::string query;
    int limit = 10;
    std::string region;
    mcp::ranged<int, 1, 100> page = 1;
    size how;
    std::optional<double> score;
    std::vector<std::string> tags;
    place where;
};

struct colour_tag {
    int code;
};

} // namespace

template <>
struct mcp::describe<search> {
    static constexpr bool defaults = false;
    static constexpr std::string_view title = "Search";
    static constexpr std::string_view description = "What to \"look\" for\n\x01";
    static constexpr auto members = mcp::members(
        mcp::member<"region">(mcp::param_header{"Region"}),
        mcp::member<"query">("Words", mcp::title{"Query"}, mcp::min_length{1},
                             mcp::examples{"cat", "dog"}),
        mcp::member<"limit">("How many", mcp::minimum{1}, mcp::default_value{20},
                             mcp::examples{1, 2}),
        mcp::member<"page">("Page", mcp::default_value{1}, mcp::deprecated{}),
        mcp::member<"score">(mcp::exclusive_minimum{0}, mcp::exclusive_maximum{1.5}),
        mcp::member<"tags">(mcp::min_items{1}, mcp::max_items{9}), mcp::member<"where">("Place"));
};

template <>
struct mcp::describe<size> {
    static constexpr auto members =
        mcp::members(mcp::member<"small">("Small one"), mcp::member<"large">("Large one"));
};

template <>
struct mcp::describe<place> {
    static constexpr std::string_view description = "A place";
};

template <>
struct mcp::codec<colour_tag> {
    static constexpr std::string_view schema = R"({"type":"string","pattern":"#.*"})";
};

namespace {

struct tagged {
    colour_tag tag;
    std::optional<colour_tag> other;
};

static_assert(schema_of<colour_tag> == R"({"type":"string","pattern":"#.*"})");

TEST(schema_of, words) {
    EXPECT_EQ(
        schema_of<search>,
        R"({"type":"object","title":"Search","description":"What to \"look\" for\n\u0001",)"
        R"("properties":{"query":{"type":"string","title":"Query","description":"Words",)"
        R"("minLength":1,"examples":["cat","dog"]},)"
        R"("limit":{"type":"integer","description":"How many","minimum":1,)"
        R"("default":20,"examples":[1,2]},)"
        R"("region":{"type":"string","x-mcp-header":"Region"},)"
        R"("page":{"type":"integer","description":"Page","minimum":1,"maximum":100,)"
        R"("default":1,)"
        R"("deprecated":true},)"
        R"("how":{"type":"string","oneOf":[{"const":"small","title":"Small one"},)"
        R"({"const":"large","title":"Large one"}]},)"
        R"("score":{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1.5},)"
        R"("tags":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":9},)"
        R"("where":{"type":"object","description":"Place","properties":{)"
        R"("x":{"type":"boolean"},"y":{"type":"boolean"}},)"
        R"("required":["x","y"],"additionalProperties":false}},)"
        R"("required":["query","region","how","tags","where"],"additionalProperties":false})");
}

TEST(schema_of, is_terminated) {
    EXPECT_EQ(schema_of<bool>.data()[schema_of<bool>.size()], '\0');
}

TEST(schema_of, codec_schema) {
    EXPECT_EQ(schema_of<tagged>,
              R"({"type":"object","properties":{"tag":{"type":"string","pattern":"#.*"},)"
              R"("other":{"type":"string","pattern":"#.*"}},"required":["tag"],)"
              R"("additionalProperties":false})");
}

} // namespace

namespace schema_of_test {

// A result has all its members, but empty ones, whatever its initialisers. So clang can write the
// schemas of structs whose initialisers it cannot read.

struct written {
    int id;
    int count;
    std::string name;
    std::optional<int> limit = 7;
    int page = 1;
    std::vector<written> parts{};
};

static_assert(mcp::result_schema_of<written> ==
              R"({"type":"object","properties":{"id":{"type":"integer"},)"
              R"("count":{"type":"integer"},"name":{"type":"string"},"limit":{"type":"integer"},)"
              R"("page":{"type":"integer"},"parts":{"type":"array","items":{"$ref":"#"}}},)"
              R"("required":["id","count","name","page","parts"],"additionalProperties":false})");

static_assert(mcp::result_schema_of<std::pair<written, written>>.find(
                  R"("required":["id","count","name","page","parts"])") != std::string_view::npos);

} // namespace schema_of_test
