#include <mcp/json/encode.hpp>

#include <gtest/gtest.h>

#include "types.hpp"
#include <chrono>
#include <deque>
#include <limits>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace {

using namespace std::chrono_literals;

TEST(encode, scalars) {
    EXPECT_EQ(mcp::encode(true), "true");
    EXPECT_EQ(mcp::encode(-5), "-5");
    EXPECT_EQ(mcp::encode(std::uint8_t{200}), "200");
    EXPECT_EQ(mcp::encode(1.5F), "1.5");
    EXPECT_EQ(mcp::encode("literal"), R"("literal")");
    EXPECT_EQ(mcp::encode(std::string{"a\"b"}), R"("a\"b")");
    EXPECT_EQ(mcp::encode(std::string_view{"view"}), R"("view")");
    EXPECT_EQ(mcp::encode(nullptr), "null");
    EXPECT_EQ(mcp::encode(sample::colour::green), R"("green")");
    EXPECT_EQ(mcp::encode(mcp::bytes{0, 1, 255}), R"("AAH/")");
    EXPECT_EQ(mcp::encode(90s), R"("PT1M30S")");
    EXPECT_EQ(mcp::encode(std::chrono::sys_seconds{0s}), R"("1970-01-01T00:00:00Z")");
    EXPECT_EQ(mcp::encode(mcp::json{1, "x", nullptr}), R"([1,"x",null])");
    EXPECT_EQ(mcp::encode(mcp::ranged<int, 1, 9>{7}), "7");
}

TEST(encode, containers) {
    EXPECT_EQ(mcp::encode(std::vector<int>{1, 2}), "[1,2]");
    EXPECT_EQ(mcp::encode(std::vector<bool>{true, false}), "[true,false]");
    EXPECT_EQ(mcp::encode(std::vector<std::uint8_t>{1, 2}), "[1,2]");
    EXPECT_EQ(mcp::encode(std::list<std::string>{"a"}), R"(["a"])");
    EXPECT_EQ(mcp::encode(std::deque<int>{}), "[]");
    EXPECT_EQ(mcp::encode(std::array<double, 2>{1, 2.5}), "[1.0,2.5]");
    EXPECT_EQ(mcp::encode(std::set<int>{2, 1}), "[1,2]");
    EXPECT_EQ(mcp::encode(std::unordered_set<int>{2}), "[2]");
    EXPECT_EQ(mcp::encode(std::tuple{1, "a", true}), R"([1,"a",true])");
    EXPECT_EQ(mcp::encode(std::pair{1, std::string{"b"}}), R"([1,"b"])");
    EXPECT_EQ(mcp::encode(std::map<std::string, int>{{"b", 2}, {"a", 1}}), R"({"a":1,"b":2})");
    EXPECT_EQ(mcp::encode(std::unordered_map<std::string, bool>{{"x", true}}), R"({"x":true})");
    EXPECT_EQ((mcp::encode(std::map<sample::colour, int>{{sample::colour::blue, 1}})),
              R"({"blue":1})");
    EXPECT_EQ(mcp::encode(std::optional<int>{3}), "3");
    EXPECT_EQ(mcp::encode(std::optional<int>{}), "null");
    EXPECT_EQ(mcp::encode(std::vector<std::optional<int>>{1, std::nullopt}), "[1,null]");
}

TEST(encode, structs) {
    EXPECT_EQ(mcp::encode(sample::point{1, -2}), R"({"x":1,"y":-2})");
    EXPECT_EQ(mcp::encode(sample::search{"q", {{"a", "b"}, {}}}),
              R"({"query":"q","where":{"tags":["a","b"]},"limit":10,"exact":true})");
    EXPECT_EQ(mcp::encode(sample::filter{{}, sample::point{1, 2}}),
              R"({"tags":[],"near_to":{"x":1,"y":2}})");
    EXPECT_EQ(mcp::encode(sample::tree{"a", {{"b", {}}}}),
              R"({"name":"a","children":[{"name":"b","children":[]}]})");
}

TEST(encode, variants) {
    EXPECT_EQ(mcp::encode(sample::shape{sample::square{2}}), R"({"side":2.0})");
    EXPECT_EQ(mcp::encode(sample::shape{"text"}), R"("text")");
    EXPECT_EQ(mcp::encode(sample::shape{std::monostate{}}), "null");
}

TEST(encode, arguments) {
    using parameters =
        mcp::arguments<mcp::arg<"a", int>, mcp::arg<"b", std::optional<std::string>>>;
    EXPECT_EQ(mcp::encode(parameters{{1, "x"}}), R"({"a":1,"b":"x"})");
    EXPECT_EQ(mcp::encode(parameters{{1, std::nullopt}}), R"({"a":1})");
    EXPECT_EQ(mcp::encode(mcp::arguments<>{}), "{}");
    EXPECT_EQ((mcp::encode(mcp::arg<"a", int>{3})), "3");
}

TEST(encode, appends) {
    std::string out = "data: ";
    mcp::encode(out, 1);
    EXPECT_EQ(out, "data: 1");
}

TEST(encode, refuses_what_json_cannot_say) {
    EXPECT_THROW(mcp::encode(std::numeric_limits<double>::quiet_NaN()), mcp::encode_error);
    EXPECT_THROW(mcp::encode(std::vector{1.0, std::numeric_limits<double>::infinity()}),
                 mcp::encode_error);
    try {
        mcp::encode(static_cast<sample::colour>(99));
        FAIL();
    } catch (const mcp::encode_error& error) {
        EXPECT_STREQ(error.what(), "value 99 of enum colour has no name in JSON; if C++ names it, "
                                   "widen mcp::enum_range<colour>");
    }
    EXPECT_THROW(
        mcp::encode(std::chrono::duration<double>{std::numeric_limits<double>::infinity()}),
        mcp::encode_error);
    EXPECT_THROW(mcp::encode(std::chrono::sys_seconds{std::chrono::seconds::max()}),
                 mcp::encode_error);
}

} // namespace
