#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

/// Types that the tests of encode and decode share: at least one of each kind that has a JSON form.
namespace sample {

enum class colour { red, green, blue };

struct point {
    int x;
    int y;

    bool operator==(const point&) const = default;
};

struct filter {
    std::vector<std::string> tags;
    std::optional<point> near_to;

    bool operator==(const filter&) const = default;
};

struct search {
    std::string query;
    filter where;
    int limit = 10;
    bool exact = true;

    bool operator==(const search&) const = default;
};

/// Holds itself.
struct tree {
    std::string name;
    std::vector<tree> children;

    bool operator==(const tree&) const = default;
};

struct circle {
    double radius;

    bool operator==(const circle&) const = default;
};

struct square {
    double side;

    bool operator==(const square&) const = default;
};

using shape = std::variant<circle, square, std::string, std::monostate>;

struct described {
    std::string name;
    int count;
    std::optional<double> ratio;

    bool operator==(const described&) const = default;
};

struct everything {
    bool truth;
    std::int8_t tiny;
    std::uint64_t large;
    float single;
    double real;
    std::string text;
    colour paint;
    std::optional<std::string> maybe;
    std::vector<bool> bits;
    std::array<int, 3> three;
    std::set<std::string> names;
    std::map<std::string, int> counts;
    std::map<colour, point> places;
    std::tuple<int, std::string> both;
    std::pair<bool, colour> couple;
    shape form;
    std::chrono::milliseconds time;
    std::chrono::sys_time<std::chrono::microseconds> moment;
    mcp::bytes blob;
    mcp::json any;
    tree family;

    bool operator==(const everything&) const = default;
};

} // namespace sample

template <>
struct mcp::describe<sample::everything> {
    static constexpr bool defaults = false;
};

template <>
struct mcp::describe<sample::described> {
    static constexpr auto members =
        mcp::members(mcp::member<"name">("A name", mcp::min_length{2}),
                     mcp::member<"count">("A number", mcp::minimum{1}, mcp::default_value{5}),
                     mcp::member<"ratio">(mcp::maximum{1.0}));
};
