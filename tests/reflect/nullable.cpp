#include <mcp/reflect/nullable.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace {

struct chain {
    int value;
    std::unique_ptr<chain> next;
};

struct shared {
    std::string name;
    std::shared_ptr<const shared> parent;
    std::optional<std::unique_ptr<shared>> twin;
};

struct tree {
    int value = 1;
    std::vector<tree> children;
};

struct sparse {
    std::vector<std::unique_ptr<sparse>> children;
};

struct named {
    std::map<std::string, named> parts;
    std::vector<std::shared_ptr<int>> counts;
};

struct sum;
struct leaf {
    double number;
};
struct sum {
    std::unique_ptr<std::variant<leaf, sum>> left;
    std::unique_ptr<std::variant<leaf, sum>> right;
};

struct outer {
    std::unique_ptr<chain> one;
    std::shared_ptr<chain> other;
    std::unique_ptr<int> limit;
};

struct unlike {
    std::unique_ptr<int[]> many;
};

} // namespace

template <>
struct mcp::describe<outer> {
    static constexpr auto members =
        mcp::members(mcp::member<&outer::limit>("How many", mcp::maximum{9}));
};

namespace {

static_assert(mcp::reflect::is_nullable<std::unique_ptr<int>>);
static_assert(!mcp::reflect::is_nullable<std::unique_ptr<int[]>>);
static_assert(std::same_as<mcp::reflect::content_type<std::shared_ptr<const int>>, int>);
static_assert(std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, chain>,
                           mcp::detail::no_fault>);
static_assert(std::same_as<mcp::detail::form_fault<mcp::detail::json_use::writing, unlike>,
                           mcp::detail::pointer_form<std::unique_ptr<int[]>,
                                                     mcp::detail::member_of<unlike, "many">>>);

TEST(nullable, schema) {
    EXPECT_EQ(mcp::schema_of<chain>,
              R"({"type":"object","properties":{"value":{"type":"integer"},"next":{"$ref":"#"}},)"
              R"("required":["value"],"additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<shared>,
              R"({"type":"object","properties":{"name":{"type":"string"},"parent":{"$ref":"#"},)"
              R"("twin":{"$ref":"#"}},"required":["name"],"additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<tree>,
              R"({"type":"object","properties":{"value":{"type":"integer","default":1},)"
              R"("children":{"type":"array","items":{"$ref":"#"}}},"required":["children"],)"
              R"("additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<sparse>,
              R"({"type":"object","properties":{"children":{"type":"array","items":)"
              R"({"anyOf":[{"$ref":"#"},{"type":"null"}]}}},"required":["children"],)"
              R"("additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<named>,
              R"({"type":"object","properties":{"parts":{"type":"object",)"
              R"("additionalProperties":{"$ref":"#"}},"counts":{"type":"array","items":)"
              R"({"anyOf":[{"type":"integer"},{"type":"null"}]}}},)"
              R"("required":["parts","counts"],"additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<outer>,
              R"({"type":"object","properties":{"one":{"$ref":"#/$defs/chain"},)"
              R"("other":{"$ref":"#/$defs/chain"},"limit":{"type":"integer",)"
              R"("description":"How many","maximum":9}},"additionalProperties":false,)"
              R"("$defs":{"chain":{"type":"object","properties":{"value":{"type":"integer"},)"
              R"("next":{"$ref":"#/$defs/chain"}},"required":["value"],)"
              R"("additionalProperties":false}}})");
    EXPECT_EQ(mcp::schema_of<sum>,
              R"({"type":"object","properties":{"left":{"oneOf":[{"$ref":"#/$defs/leaf"},)"
              R"({"$ref":"#"}]},"right":{"oneOf":[{"$ref":"#/$defs/leaf"},{"$ref":"#"}]}},)"
              R"("additionalProperties":false,"$defs":{"leaf":{"type":"object","properties":)"
              R"({"number":{"type":"number"}},"required":["number"],)"
              R"("additionalProperties":false}}})");
}

/// Returns what reading `text` as a `T` and writing it gives, or the error.
template <class T>
std::string round_trip(std::string_view text) {
    const auto value = mcp::decode<T>(mcp::parse_json(text).value());
    return value ? mcp::encode(*value) : value.error().what();
}

template <class T>
void expect_same(std::string_view text) {
    EXPECT_EQ(round_trip<T>(text), text);
}

TEST(nullable, values) {
    expect_same<chain>(R"({"value":1})");
    expect_same<chain>(R"({"value":1,"next":{"value":2,"next":{"value":3}}})");
    EXPECT_EQ(round_trip<chain>(R"({"value":1,"next":null})"), R"({"value":1})");
    EXPECT_EQ(round_trip<chain>(R"({"value":1,"next":{"value":2,"next":{}}})"),
              R"(next.next: member "value" is missing)");
    expect_same<shared>(R"({"name":"a","parent":{"name":"b"},"twin":{"name":"c"}})");
    EXPECT_EQ(round_trip<shared>(R"({"name":"a","parent":null,"twin":null})"), R"({"name":"a"})");
    expect_same<tree>(R"({"value":1,"children":[{"value":2,"children":[]}]})");
    expect_same<sparse>(R"({"children":[null,{"children":[]}]})");
    expect_same<named>(R"({"parts":{"a":{"parts":{},"counts":[]}},"counts":[1,null]})");
    EXPECT_EQ(round_trip<named>(R"({"parts":{},"counts":["1"]})"),
              "counts[0]: expected integer, got string");
    expect_same<outer>(R"({"other":{"value":1},"limit":9})");
    EXPECT_EQ(round_trip<outer>(R"({"limit":10})"), "limit: expected at most 9, got 10");
    expect_same<sum>(R"({"left":{"number":1.0},"right":{"left":{"number":2.0}}})");
    expect_same<std::unique_ptr<int>>("null");
    expect_same<std::shared_ptr<int>>("3");
}

TEST(nullable, none_inside_an_optional_is_absent) {
    EXPECT_EQ(mcp::encode(shared{"a", nullptr, std::unique_ptr<shared>()}), R"({"name":"a"})");
}

struct cycle {
    std::shared_ptr<cycle> next;
};

TEST(nullable, values_that_are_too_deep_are_not_written) {
    const auto ring = std::make_shared<cycle>();
    ring->next = ring;
    std::vector<tree> deep;
    for (int depth = 0; depth < 300; ++depth) {
        std::vector<tree> outside(1);
        outside[0].children = std::move(deep);
        deep = std::move(outside);
    }
    const std::string_view why =
        "this value is nested more than 512 deep; pointers may form a cycle";
    for (const auto& write : {std::function<std::string()>([&] { return mcp::encode(*ring); }),
                              std::function<std::string()>([&] { return mcp::encode(deep); })}) {
        try {
            write();
            ADD_FAILURE();
        } catch (const mcp::encode_error& e) {
            EXPECT_EQ(e.what(), why);
        }
    }
    ring->next = nullptr;
    EXPECT_EQ(mcp::encode(*ring), "{}");
}

} // namespace
