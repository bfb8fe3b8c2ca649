#include <mcp/json/codec.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <deque>
#include <list>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sample {

/// No aggregate: it has a codec.
class celsius {
public:
    celsius() = default;
    explicit celsius(double degrees) : degrees_{degrees} {}
    double degrees() const { return degrees_; }
    bool operator==(const celsius&) const = default;

private:
    double degrees_ = 0;
};

struct report {
    std::vector<celsius> days;
};

/// A range with a codec.
class path_list {
public:
    using value_type = std::string;

    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    void push_back(std::string one) { all_.push_back(std::move(one)); }
    void clear() { all_.clear(); }

private:
    std::vector<std::string> all_;
};

struct lists {
    path_list one;
    std::map<std::string, path_list> named;
};

class only_written {
public:
    only_written() {}
};

} // namespace sample

template <>
struct mcp::codec<sample::celsius> {
    static constexpr std::string_view schema = R"({"type":"string","pattern":"^-?[0-9.]+C$"})";

    static void write(json_writer& w, const sample::celsius& value) {
        w.value(encode(value.degrees()) + "C");
    }

    static result<sample::celsius, decode_error> read(const json& value) {
        const json_string* text = value.if_string();
        if (text == nullptr || !text->ends_with('C')) {
            return decode_error{"", "expected degrees such as \"21.5C\""};
        }
        return sample::celsius{std::stod(std::string{*text})};
    }
};

template <>
struct mcp::codec<sample::path_list> {
    static constexpr std::string_view schema = R"({"type":"string"})";

    static void write(json_writer& w, const sample::path_list& value) {
        std::string all;
        for (const std::string& each : value) {
            all += each + ":";
        }
        w.value(std::string_view{all});
    }

    static result<sample::path_list, decode_error> read(const json& value) {
        const json_string* text = value.if_string();
        if (text == nullptr) {
            return decode_error{"", "expected paths"};
        }
        sample::path_list all;
        all.push_back(std::string{*text});
        return all;
    }
};

template <>
struct mcp::codec<sample::only_written> {
    static constexpr std::string_view schema = R"({"type":"null"})";

    static void write(json_writer& w, const sample::only_written&) { w.value(nullptr); }
};

namespace {

template <class T>
std::string round_trip(std::string_view text) {
    const auto value = mcp::decode<T>(*mcp::parse_json(text));
    return value ? mcp::encode(*value) : value.error().what();
}

TEST(codec, wins_over_the_form_of_a_range) {
    static_assert(mcp::schema_of<sample::path_list> == R"({"type":"string"})");
    static_assert(mcp::schema_of<sample::lists> ==
                  R"({"type":"object","properties":{"one":{"type":"string"},"named":)"
                  R"({"type":"object","additionalProperties":{"type":"string"}}},)"
                  R"("required":["one","named"],"additionalProperties":false})");
    EXPECT_EQ(round_trip<sample::lists>(R"({"one":"a","named":{"x":"b"}})"),
              R"({"one":"a:","named":{"x":"b:"}})");
    EXPECT_EQ(round_trip<sample::lists>(R"({"one":["a"],"named":{}})"), "one: expected paths");
}

TEST(codec, of_one_direction_is_refused_in_the_other) {
    static_assert(
        std::same_as<mcp::detail::form_fault<mcp::detail::json_use::writing, sample::only_written>,
                     mcp::detail::no_fault>);
    static_assert(
        std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, sample::only_written>,
                     mcp::detail::incomplete_codec<sample::only_written>>);
    EXPECT_EQ(mcp::encode(sample::only_written{}), "null");
}

template <class T>
void expect_container(std::string_view schema, std::string_view text, std::string_view again) {
    EXPECT_EQ(mcp::schema_of<T>, schema);
    EXPECT_EQ(round_trip<T>(text), again);
}

TEST(codec, containers_of_the_standard_library) {
    const std::string_view list = R"({"type":"array","items":{"type":"integer"}})";
    const std::string_view set =
        R"({"type":"array","items":{"type":"integer"},"uniqueItems":true})";
    const std::string_view map = R"({"type":"object","additionalProperties":{"type":"integer"}})";
    expect_container<std::deque<int>>(list, "[3,1,3]", "[3,1,3]");
    expect_container<std::list<int>>(list, "[3,1,3]", "[3,1,3]");
    expect_container<std::multiset<int>>(list, "[3,1,3]", "[1,3,3]");
    expect_container<std::unordered_multiset<int>>(list, "[3,3]", "[3,3]");
    expect_container<std::set<int>>(set, "[3,1]", "[1,3]");
    expect_container<std::set<int>>(set, "[3,1,3]", "[2]: duplicate element");
    expect_container<std::unordered_set<int>>(set, "[3]", "[3]");
    expect_container<std::unordered_set<int>>(set, "[3,3]", "[1]: duplicate element");
    expect_container<std::map<std::string, int>>(map, R"({"b":1,"a":2})", R"({"a":2,"b":1})");
    expect_container<std::unordered_map<std::string, int>>(map, R"({"b":1})", R"({"b":1})");
    const std::string_view bools = R"({"type":"array","items":{"type":"boolean"}})";
    expect_container<std::vector<bool>>(bools, "[true,false]", "[true,false]");
    EXPECT_EQ(mcp::schema_of<std::span<const int>>, list);
    const std::vector<int> numbers{1, 2};
    EXPECT_EQ(mcp::encode(std::span{numbers}), "[1,2]");
    static_assert(std::same_as<mcp::detail::form_fault<mcp::detail::json_use::writing,
                                                       std::multimap<std::string, int>>,
                               mcp::detail::repeated_keys<std::multimap<std::string, int>>>);
    using hashed = std::unordered_multimap<std::string, int>;
    static_assert(std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, hashed>,
                               mcp::detail::repeated_keys<hashed>>);
}

TEST(codec, joins_a_type_of_the_user) {
    static_assert(mcp::has_codec_read<sample::celsius> && mcp::has_codec_write<sample::celsius>);
    static_assert(!mcp::has_codec_read<int> && !mcp::has_codec_write<int>);

    EXPECT_EQ(mcp::encode(sample::report{{sample::celsius{21.5}}}), R"({"days":["21.5C"]})");
    const auto good = mcp::decode<sample::report>(*mcp::parse_json(R"({"days":["1.5C","-2C"]})"));
    ASSERT_TRUE(good);
    EXPECT_EQ(good->days[1].degrees(), -2);
    const auto bad = mcp::decode<sample::report>(*mcp::parse_json(R"({"days":["1C","2F"]})"));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().what(), "days[1]: expected degrees such as \"21.5C\"");
}

} // namespace
