#include <mcp/schema/elicitation_schema_of.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

using mcp::elicitation_schema_of;

enum class colour { red, green };
enum class size { small, large };

struct confirm {
    bool sure;
};

struct fields {
    std::string name;
    std::optional<std::int64_t> age;
    double score;
    colour paint;
    std::vector<colour> paints;
    size fit;
    std::set<size> fits;
    std::chrono::sys_seconds when;
    mcp::formatted<"email"> mail;
    mcp::formatted<"uuid"> id;
    mcp::sized<std::string, 1, 8> word;
    mcp::ranged<int, 1, 9> few;
    bool verified = true;
};

struct after {
    std::string name;
    int many = 3;
    colour paint = colour::green;
};

} // namespace

template <>
struct mcp::describe<size> {
    static constexpr auto members =
        mcp::members(mcp::member<"small">("Small one"), mcp::member<"large">("Large one"));
};

template <>
struct mcp::describe<fields> {
    static constexpr auto members =
        mcp::members(mcp::member<"name">("Who", mcp::title{"Name"}, mcp::max_length{9},
                                         mcp::default_value{"John"}, mcp::param_header{"Name"}),
                     mcp::member<"score">(mcp::minimum{0}, mcp::exclusive_maximum{9}),
                     mcp::member<"paints">(mcp::min_items{1}, mcp::max_items{2}),
                     mcp::member<"verified">(mcp::default_value{true}));
};

namespace {

static_assert(elicitation_schema_of<confirm> ==
              R"({"type":"object","properties":{"sure":{"type":"boolean"}},"required":["sure"]})");

static_assert(
    elicitation_schema_of<fields> ==
    R"({"type":"object","properties":{)"
    R"("name":{"type":"string","title":"Name","description":"Who","maxLength":9,"default":"John"},)"
    R"("age":{"type":"integer"},)"
    R"("score":{"type":"number","minimum":0},)"
    R"("paint":{"type":"string","enum":["red","green"]},)"
    R"("paints":{"type":"array","minItems":1,"maxItems":2,)"
    R"("items":{"type":"string","enum":["red","green"]}},)"
    R"("fit":{"type":"string","oneOf":[{"const":"small","title":"Small one"},)"
    R"({"const":"large","title":"Large one"}]},)"
    R"("fits":{"type":"array","items":{"anyOf":[{"const":"small","title":"Small one"},)"
    R"({"const":"large","title":"Large one"}]}},)"
    R"("when":{"type":"string","format":"date-time"},)"
    R"("mail":{"type":"string","format":"email"},)"
    R"("id":{"type":"string"},)"
    R"("word":{"type":"string","minLength":1,"maxLength":8},)"
    R"("few":{"type":"integer","minimum":1,"maximum":9},)"
    R"("verified":{"type":"boolean","default":true}},)"
    R"("required":["score","paint","paints","fit","fits","when","mail","id","word","few"]})");

static_assert(elicitation_schema_of<after> ==
              R"({"type":"object","properties":{"name":{"type":"string"},)"
              R"("many":{"type":"integer","default":3},)"
              R"("paint":{"type":"string","enum":["red","green"],"default":"green"}},)"
              R"("required":["name"]})");

static_assert(elicitation_schema_of<mcp::arguments<mcp::arg<"a", std::string, "First">,
                                                   mcp::arg<"b", std::optional<bool>>>> ==
              R"({"type":"object","properties":{"a":{"type":"string","description":"First"},)"
              R"("b":{"type":"boolean"}},"required":["a"]})");

TEST(elicitation_schema_of, is_terminated) {
    constexpr auto text = elicitation_schema_of<confirm>;
    EXPECT_EQ(text.data()[text.size()], '\0');
}

} // namespace
