#include <mcp/reflect/json_names.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

struct labels {
    std::string id;
    bool class_;
    bool plus_one = true;
};

struct page {
    bool first_page;
    bool _x;
    bool a_1;
    bool end_;
    bool sub_page_size;
    bool renamed_one;
};

} // namespace

template <>
struct mcp::describe<labels> {
    static constexpr auto members = mcp::members(mcp::member<"id">("The id", mcp::json_name{"@id"}),
                                                 mcp::member<"class_">(mcp::json_name{"class"}),
                                                 mcp::member<"plus_one">(mcp::json_name{"+1"}));
};

template <>
struct mcp::describe<page> {
    static constexpr mcp::camel_case names{};
    static constexpr auto members = mcp::members(mcp::member<"renamed_one">(mcp::json_name{"a b"}));
};

namespace shop {

mcp::camel_case names_in_json(const void*);

struct article {
    struct part {
        int serial_number;
    };

    int unit_price;
    int in_stock;
    std::vector<part> all_parts;
};

namespace inner {
struct apart {
    int of_another_namespace;
};
} // namespace inner

} // namespace shop

template <>
struct mcp::describe<shop::article> {
    static constexpr auto members =
        mcp::members(mcp::member<&shop::article::in_stock>(mcp::json_name{"stock"}));
};

namespace {

using mcp::reflect::json_names;

static_assert(json_names<shop::article>[0] == "unitPrice");
static_assert(json_names<shop::article>[1] == "stock");
static_assert(json_names<shop::article>[2] == "allParts");
static_assert(json_names<shop::article::part>[0] == "serialNumber");
static_assert(json_names<shop::inner::apart>[0] == "of_another_namespace");

static_assert(json_names<labels>[0] == "@id" && json_names<labels>[1] == "class");
static_assert(json_names<page>[0] == "firstPage" && json_names<page>[1] == "_x");
static_assert(json_names<page>[2] == "a_1" && json_names<page>[3] == "end_");
static_assert(json_names<page>[4] == "subPageSize" && json_names<page>[5] == "a b");
static_assert(mcp::reflect::json_index<page>("a b") == 5);
static_assert(mcp::reflect::json_index<page>("renamed_one") == 6);
static_assert(mcp::schema_of<labels> ==
              R"({"type":"object","properties":{"@id":{"type":"string","description":"The id"},)"
              R"("class":{"type":"boolean"},"+1":{"type":"boolean","default":true}},)"
              R"("required":["@id","class"],"additionalProperties":false})");

TEST(json_names, are_read_and_written) {
    const auto decoded = mcp::decode<labels>(*mcp::parse_json(R"({"@id":"a","class":true})"));
    ASSERT_TRUE(decoded) << decoded.error().what();
    EXPECT_EQ(mcp::encode(*decoded), R"({"@id":"a","class":true,"+1":true})");
    const auto refused = mcp::decode<labels>(*mcp::parse_json(R"({"id":"a","class":1})"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().what(),
              R"(member "@id" is missing; class: expected boolean, got number; )"
              R"(unknown member "id")");
}

} // namespace
