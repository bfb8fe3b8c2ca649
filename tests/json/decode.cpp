#include <mcp/json/decode.hpp>

#include <mcp/json/document.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

#include "types.hpp"
#include <cmath>
#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace {

/// What `text` is as a `T`, encoded again, or the error.
template <class T>
std::string read(std::string_view text, std::string_view root = {}) {
    const auto value = mcp::parse_json(text);
    if (!value) {
        return value.error().what();
    }
    const auto decoded = mcp::decode<T>(*value, root);
    return decoded ? mcp::encode(*decoded) : decoded.error().what();
}

TEST(decode, booleans) {
    EXPECT_EQ(read<bool>("true"), "true");
    EXPECT_EQ(read<bool>("1"), "expected boolean, got number");
    EXPECT_EQ(read<bool>("null"), "expected boolean, got null");
    EXPECT_EQ(read<bool>(R"("true")"), "expected boolean, got string");
}

TEST(decode, reads_into_an_object) {
    int out = 0;
    EXPECT_FALSE(mcp::decode_into(out, mcp::json(5)).has_value());
    EXPECT_EQ(out, 5);
    const auto error = mcp::decode_into(out, mcp::json("text"), "arguments");
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->what(), "arguments: expected integer, got string");
}

TEST(decode, integers) {
    EXPECT_EQ(read<int>("3"), "3");
    EXPECT_EQ(read<int>("3.0"), "3");
    EXPECT_EQ(read<int>("-3e2"), "-300");
    EXPECT_EQ(read<int>("3.5"), "expected integer, got a fraction");
    EXPECT_EQ(read<int>(R"("3")"), "expected integer, got string");
    EXPECT_EQ(read<int>("true"), "expected integer, got boolean");
    EXPECT_EQ(read<std::uint8_t>("255"), "255");
    EXPECT_EQ(read<std::uint8_t>("256"), "expected integer from 0 to 255, got 256");
    EXPECT_EQ(read<std::uint8_t>("-1"), "expected integer from 0 to 255, got -1");
    EXPECT_EQ(read<std::int8_t>("-128"), "-128");
    EXPECT_EQ(read<std::int8_t>("-129"), "expected integer from -128 to 127, got -129");
    EXPECT_EQ(read<std::int64_t>("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(read<std::int64_t>("9223372036854775808"),
              "expected integer from -9223372036854775808 to 9223372036854775807, got "
              "9223372036854775808");
    EXPECT_EQ(read<std::uint64_t>("18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(read<std::uint64_t>("1e19"), "10000000000000000000");
    EXPECT_EQ(read<std::uint64_t>("18446744073709551616"), "expected integer of at most 64 bits");
    EXPECT_EQ(read<std::int64_t>("1e300"), "expected integer of at most 64 bits");
    EXPECT_EQ(read<std::int64_t>("-1e300"), "expected integer of at most 64 bits");
}

TEST(decode, floating_point) {
    EXPECT_EQ(read<double>("3"), "3.0");
    EXPECT_EQ(read<double>("18446744073709551615"), "18446744073709551616.0");
    EXPECT_EQ(read<double>("0.1"), "0.1");
    EXPECT_EQ(read<float>("0.1"), "0.1");
    EXPECT_EQ(read<float>("1e39"), "the number is too large");
    EXPECT_EQ(read<double>(R"("NaN")"), "expected number, got string");
    EXPECT_EQ(read<double>("null"), "expected number, got null");
}

TEST(decode, text) {
    EXPECT_EQ(read<std::string>(R"("a\u0000b")"), R"("a\u0000b")");
    EXPECT_EQ(read<std::string>("1"), "expected string, got number");
    EXPECT_EQ(read<sample::colour>(R"("blue")"), R"("blue")");
    EXPECT_EQ(read<sample::colour>(R"("Blue")"),
              R"(expected one of "red", "green", "blue", got "Blue")");
    EXPECT_EQ(read<sample::colour>("1"), "expected string, got number");
    EXPECT_EQ(read<mcp::bytes>(R"("AAH/")"), R"("AAH/")");
    EXPECT_EQ(read<mcp::bytes>(R"("AAH")"), R"(expected base64 text, got "AAH")");
    EXPECT_EQ(read<mcp::bytes>("[0,1]"), "expected base64 text, got array");
    EXPECT_EQ(read<std::chrono::seconds>(R"("PT90S")"), R"("PT1M30S")");
    EXPECT_EQ(read<std::chrono::seconds>(R"("90s")"),
              R"(expected duration in whole seconds such as "PT1M30S", got "90s")");
    EXPECT_EQ(read<std::chrono::sys_seconds>(R"("2026-07-28T11:30:00+02:00")"),
              R"("2026-07-28T09:30:00Z")");
    EXPECT_EQ(
        read<std::chrono::sys_seconds>(R"("yesterday")"),
        R"(expected date and time in whole seconds such as "2026-07-28T09:30:00Z", got "yesterday")");
}

TEST(decode, sequences) {
    EXPECT_EQ(read<std::vector<int>>("[1,2,3]"), "[1,2,3]");
    EXPECT_EQ(read<std::vector<bool>>("[true,false]"), "[true,false]");
    EXPECT_EQ(read<std::list<std::string>>(R"(["a"])"), R"(["a"])");
    EXPECT_EQ(read<std::deque<int>>("[]"), "[]");
    EXPECT_EQ(read<std::vector<int>>("{}"), "expected array, got object");
    EXPECT_EQ(read<std::vector<int>>("[1,true]"), "[1]: expected integer, got boolean");
    EXPECT_EQ(read<std::vector<std::vector<int>>>("[[],[1,null]]"),
              "[1][1]: expected integer, got null");
    EXPECT_EQ(read<std::set<int>>("[3,1]"), "[1,3]");
    EXPECT_EQ(read<std::set<int>>("[3,1,3]"), "[2]: duplicate element");
    EXPECT_EQ(read<std::unordered_set<std::string>>(R"(["a","a"])"), "[1]: duplicate element");
    EXPECT_EQ((read<std::array<int, 2>>("[1,2]")), "[1,2]");
    EXPECT_EQ((read<std::array<int, 2>>("[1]")), "expected 2 elements, got 1");
    EXPECT_EQ((read<std::array<int, 2>>("[1,2,3]")), "expected 2 elements, got 3");
    EXPECT_EQ((read<std::tuple<int, std::string>>(R"([1,"a"])")), R"([1,"a"])");
    EXPECT_EQ((read<std::tuple<int, std::string>>("[1,2]")), "[1]: expected string, got number");
    EXPECT_EQ((read<std::tuple<int, std::string>>("[]")), "expected 2 elements, got 0");
    EXPECT_EQ((read<std::pair<int, int>>("[1,2]")), "[1,2]");
    EXPECT_EQ((read<std::tuple<>>("[]")), "[]");
}

// A hash table would take time by the square of their number.
TEST(decode, keys_that_are_chosen_to_collide_are_refused) {
    const auto numbers = [](std::int64_t step) {
        std::string text = "[0";
        for (std::int64_t i = 1; i < 20'000; ++i)
            text += "," + std::to_string(i * step);
        return text + "]";
    };
    std::unordered_set<std::int64_t> table;
    table.reserve(20'000); // as decoding does
    const auto buckets = static_cast<std::int64_t>(table.bucket_count());
    const auto decoded = [](const std::string& text) {
        const auto value = mcp::parse_json(text);
        const auto read = mcp::decode<std::unordered_set<std::int64_t>>(*value);
        return read ? std::string("ok") : read.error().message;
    };
    EXPECT_EQ(decoded(numbers(1)), "ok");
    EXPECT_EQ(decoded(numbers(1000)), "ok");
    EXPECT_EQ(decoded(numbers(buckets)), "too many keys have the same hash");
}

TEST(decode, maps) {
    EXPECT_EQ((read<std::map<std::string, int>>(R"({"b":2,"a":1})")), R"({"a":1,"b":2})");
    EXPECT_EQ((read<std::unordered_map<std::string, int>>(R"({"a":1})")), R"({"a":1})");
    EXPECT_EQ((read<std::map<std::string, int>>(R"({"a b":"x"})")),
              R"(["a b"]: expected integer, got string)");
    EXPECT_EQ((read<std::map<std::string, int>>("[]")), "expected object, got array");
    EXPECT_EQ((read<std::map<sample::colour, int>>(R"({"red":1})")), R"({"red":1})");
    EXPECT_EQ((read<std::map<sample::colour, int>>(R"({"pink":1})")), R"(unknown member "pink")");
}

TEST(decode, optionals) {
    EXPECT_EQ(read<std::optional<int>>("1"), "1");
    EXPECT_EQ(read<std::optional<int>>("null"), "null");
    EXPECT_EQ(read<std::optional<int>>("true"), "expected integer, got boolean");
}

TEST(decode, variants) {
    EXPECT_EQ(read<sample::shape>(R"({"side":2})"), R"({"side":2.0})");
    EXPECT_EQ(read<sample::shape>("null"), "null");
    EXPECT_EQ((read<std::variant<int, double>>("1")), "1");
    EXPECT_EQ((read<std::variant<int, double>>("1.5")), "1.5");
    EXPECT_EQ((read<std::variant<double, int>>("1")), "1.0");
    EXPECT_EQ((read<std::variant<int, int>>("1")), "1");
    EXPECT_EQ((read<std::variant<int, std::string>>("true")),
              "none of 2 alternatives matches: expected integer, got boolean; expected string, got "
              "boolean");
}

/// Of an object that no alternative takes, each is tried at each level.
struct left;
struct right;
using branch = std::variant<left, right>;
struct left {
    std::vector<branch> next;
};
struct right {
    std::vector<branch> next;
    std::optional<int> more;
};

TEST(decode, bounds_the_tries_of_nested_variants) {
    std::string text = "1";
    for (int i = 0; i < 25; ++i) {
        text = R"({"next":[)" + text + "]}";
    }
    EXPECT_NE(read<branch>(text).find("the value has too many alternatives to try"),
              std::string::npos);
}

TEST(decode, trees) {
    EXPECT_EQ(read<mcp::json>(R"({"a":[1]})"), R"({"a":[1]})");
    EXPECT_EQ(read<mcp::json_object>(R"({"a":[1]})"), R"({"a":[1]})");
    EXPECT_EQ(read<mcp::json_object>("[]"), "expected object, got array");
    EXPECT_EQ(read<mcp::json_array>("[1]"), "[1]");
    EXPECT_EQ(read<mcp::json_array>("1"), "expected array, got number");
}

TEST(decode, a_tree_outlives_the_document) {
    mcp::json kept;
    {
        mcp::json_document document;
        ASSERT_FALSE(document.read(R"({"text":"long enough to be allocated"})"));
        kept = *mcp::decode<mcp::json>(document.root());
    }
    EXPECT_EQ(mcp::encode(kept), R"({"text":"long enough to be allocated"})");
}

TEST(decode, structs) {
    EXPECT_EQ(read<sample::point>(R"({"y":2,"x":1})"), R"({"x":1,"y":2})");
    EXPECT_EQ(read<sample::point>(R"({"x":1})"), R"(member "y" is missing)");
    EXPECT_EQ(read<sample::point>(R"({"x":1,"y":2,"z":3})"), R"(unknown member "z")");
    EXPECT_EQ(read<sample::point>(R"({"x":1,"y":null})"), "y: expected integer, got null");
    EXPECT_EQ(read<sample::point>("[1,2]"), "expected object, got array");
    EXPECT_EQ(read<sample::filter>(R"({"tags":[]})"), R"({"tags":[]})");
    EXPECT_EQ(read<sample::filter>(R"({"tags":[],"near_to":null})"), R"({"tags":[]})");
    EXPECT_EQ(read<sample::filter>(R"({})"), R"(member "tags" is missing)");
    EXPECT_EQ(read<sample::search>(R"({"query":"q","where":{"tags":[]},"limit":5,"exact":false})"),
              R"({"query":"q","where":{"tags":[]},"limit":5,"exact":false})");
    EXPECT_EQ(read<sample::tree>(R"({"name":"a","children":[{"name":"b","children":[]}]})"),
              R"({"name":"a","children":[{"name":"b","children":[]}]})");
}

struct may_be_null {
    int number = 7;
    bool flag = true;
    sample::colour paint = sample::colour::blue;
    std::optional<int> maybe;
    std::optional<int> preset = 5;
    std::variant<int, std::monostate> nullable = 3;
    std::variant<int, bool> choice = 4;
    sample::point where{1, 2};
};

TEST(decode, null_is_absent_where_absence_is_allowed) {
    const std::string defaults =
        R"({"number":7,"flag":true,"paint":"blue","preset":5,"nullable":3,)"
        R"("choice":4,"where":{"x":1,"y":2}})";
    EXPECT_EQ(read<may_be_null>("{}"), defaults);
    EXPECT_EQ(read<may_be_null>(R"({"number":null,"flag":null,"paint":null,"maybe":null,)"
                                R"("preset":null,"choice":null,"where":null})"),
              defaults);
    EXPECT_EQ(read<may_be_null>(R"({"nullable":null})"), // null is one of its values
              R"({"number":7,"flag":true,"paint":"blue","preset":5,"nullable":null,)"
              R"("choice":4,"where":{"x":1,"y":2}})");
    EXPECT_EQ(read<may_be_null>(R"({"where":{"x":null,"y":1}})"),
              "where.x: expected integer, got null");
    EXPECT_EQ(read<may_be_null>(R"({"number":null,"unknown":null})"),
              R"(unknown member "unknown")");
    EXPECT_EQ(read<sample::described>(R"({"name":"abc","count":null,"ratio":null})"),
              R"({"name":"abc","count":5})");
    EXPECT_EQ(read<sample::described>(R"({"name":null})"), "name: expected string, got null");
    EXPECT_EQ((read<mcp::arguments<mcp::arg<"a", int>, mcp::arg<"b", std::optional<int>>>>(
                  R"({"a":1,"b":null})")),
              R"({"a":1})");
    EXPECT_EQ((read<mcp::arguments<mcp::arg<"a", int>>>(R"({"a":null})")),
              "a: expected integer, got null");
    // An element, and a value of a map, is there or not: null is no absence of it.
    EXPECT_EQ(read<std::vector<int>>("[null]"), "[0]: expected integer, got null");
    EXPECT_EQ((read<std::map<std::string, int>>(R"({"a":null})")), "a: expected integer, got null");
}

TEST(decode, members_with_a_default_may_be_absent) {
    EXPECT_EQ(read<sample::described>(R"({"name":"abc"})"), R"({"name":"abc","count":5})");
    EXPECT_EQ(read<sample::described>(R"({"count":1})"), R"(member "name" is missing)");
}

TEST(decode, checks_what_describe_says) {
    EXPECT_EQ(read<sample::described>(R"({"name":"a"})"), "name: expected at least 2 characters");
    EXPECT_EQ(read<sample::described>(R"({"name":"ab","count":0})"),
              "count: expected at least 1, got 0");
    EXPECT_EQ(read<sample::described>(R"({"name":"ab","ratio":1.5})"),
              "ratio: expected at most 1, got 1.5");
    EXPECT_EQ(read<sample::described>(R"({"name":"ab","ratio":null})"),
              R"({"name":"ab","count":5})");
}

TEST(decode, checks_constraints) {
    EXPECT_EQ((read<mcp::ranged<int, 1, 9>>("9")), "9");
    EXPECT_EQ((read<mcp::ranged<int, 1, 9>>("10")), "expected a number from 1 to 9, got 10");
    EXPECT_EQ((read<mcp::sized<std::string, 0, 3>>(R"("four")")), "expected 0 to 3 characters");
}

TEST(decode, arguments) {
    using parameters =
        mcp::arguments<mcp::arg<"city", std::string>, mcp::arg<"days", std::optional<int>>>;
    EXPECT_EQ(read<parameters>(R"({"city":"Oslo","days":3})"), R"({"city":"Oslo","days":3})");
    EXPECT_EQ(read<parameters>(R"({"city":"Oslo"})"), R"({"city":"Oslo"})");
    EXPECT_EQ(read<parameters>("{}", "arguments"), R"(arguments: member "city" is missing)");
    EXPECT_EQ(read<parameters>(R"({"city":"Oslo","x":1})", "arguments"),
              R"(arguments: unknown member "x")");
    EXPECT_EQ(read<parameters>(R"({"city":1})", "arguments"),
              "arguments.city: expected string, got number");
    EXPECT_EQ(read<mcp::arguments<>>("{}"), "{}");
    EXPECT_EQ(read<mcp::arguments<>>(R"({"a":1})"), R"(unknown member "a")");
}

TEST(decode, says_where) {
    EXPECT_EQ(
        read<sample::search>(R"({"query":"q","where":{"tags":["a","b",3]},"limit":1,"exact":true})",
                             "arguments"),
        "arguments.where.tags[2]: expected string, got number");
    EXPECT_EQ(read<sample::search>(
                  R"({"query":"q","where":{"tags":["a","b",3]},"limit":1,"exact":true})"),
              "where.tags[2]: expected string, got number");
    EXPECT_EQ(
        read<sample::search>(
            R"({"query":"q","where":{"tags":[],"near_to":{"x":1,"y":"2"}},"limit":1,"exact":true})",
            "arguments"),
        "arguments.where.near_to.y: expected integer, got string");
}

TEST(decode, shortens_and_cleans_what_it_quotes) {
    const std::string name(1000, 'n');
    EXPECT_EQ(read<sample::colour>('"' + name + '"'),
              R"(expected one of "red", "green", "blue", got ")" + name.substr(0, 64) + "...\"");
    EXPECT_EQ(read<mcp::arguments<>>(R"({"a\nb":1})"), R"(unknown member "a?b")");
    EXPECT_EQ((read<std::map<std::string, int>>("{\"" + name + "\":true}")),
              "[\"" + name.substr(0, 64) + "...\"]: expected integer, got boolean");
}

TEST(decode, everything_there_and_back) {
    sample::everything all{};
    all.truth = true;
    all.tiny = -128;
    all.large = 18446744073709551615u;
    all.single = 0.1F;
    all.real = 1.0 / 3;
    all.text = "\"\xC3\xA4\"\n";
    all.paint = sample::colour::blue;
    all.maybe = "there";
    all.bits = {true, false};
    all.three = {1, 2, 3};
    all.names = {"b", "a"};
    all.counts = {{"", 1}, {"x y", 2}};
    all.places = {{sample::colour::red, {1, 2}}};
    all.both = {1, "one"};
    all.couple = {true, sample::colour::green};
    all.form = sample::circle{1.5};
    all.time = std::chrono::milliseconds{-1500};
    all.moment = std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{-1}};
    all.blob = {0, 255};
    all.any = {1, "two", nullptr, {{"k", 2.5}}};
    all.family = {"a", {{"b", {{"c", {}}}}, {"d", {}}}};

    const auto value = mcp::parse_json(mcp::encode(all));
    ASSERT_TRUE(value);
    const auto again = mcp::decode<sample::everything>(*value);
    ASSERT_TRUE(again) << again.error().what();
    EXPECT_EQ(*again, all);
}

TEST(decode, throws_if_the_value_is_taken_from_an_error) {
    EXPECT_THROW(mcp::decode<int>(mcp::json("x")).value(), std::invalid_argument);
}

TEST(decode, tells_all_faults) {
    struct inner {
        int a;
        bool b;
    };
    struct outer {
        std::string text;
        inner in;
        std::vector<int> list;
        std::variant<inner, bool> either;
    };
    struct {
        std::string_view text;
        std::string_view what;
    } const rows[] = {
        {R"({"text":1,"in":{"a":1,"b":true},"list":[],"either":true})",
         "a.text: expected string, got number"},
        {R"({"text":1,"in":{"a":"x","c":1},"list":[true,2,null],"either":true,"z":0})",
         "a.text: expected string, got number; a.in.a: expected integer, got string; "
         "a.in: member \"b\" is missing; a.in: unknown member \"c\"; "
         "a.list[0]: expected integer, got boolean; a.list[2]: expected integer, got null; "
         "a: unknown member \"z\""},
        {R"({"in":7,"list":["","","","","","","","","","",""]})",
         "a: member \"text\" is missing; a.in: expected object, got number; "
         "a.list[0]: expected integer, got string; a.list[1]: expected integer, got string; "
         "a.list[2]: expected integer, got string; a.list[3]: expected integer, got string; "
         "a.list[4]: expected integer, got string; a.list[5]: expected integer, got string; "
         "a.list[6]: expected integer, got string; a.list[7]: expected integer, got string; "
         "and maybe more"},
        {R"({"text":"","in":{"a":1,"b":true},"list":[],"either":{"a":"x","b":7}})",
         "a.either: none of 2 alternatives matches: expected integer, got string; "
         "expected boolean, got object"},
    };
    for (const auto& row : rows) {
        const auto decoded = mcp::decode<outer>(*mcp::parse_json(row.text), "a");
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error().what(), row.what);
    }
}

TEST(decode, tells_all_faults_of_a_map) {
    const auto decoded =
        mcp::decode<std::map<std::string, bool>>(*mcp::parse_json(R"({"a":0,"b":true,"c":""})"));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().what(),
              "a: expected boolean, got number; c: expected boolean, got string");
}

} // namespace
