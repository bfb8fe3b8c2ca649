#include <mcp/reflect/members.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace outer {

struct empty {};

struct point {
    int x;
    int y;
};

struct line {
    point from;
    point to;
};

enum class colour { red, green };

template <class T, class U>
struct both {
    T first_one;
    U second_one;
};

} // namespace outer

namespace {

using mcp::reflect::aggregate_struct;
using mcp::reflect::member_count;
using mcp::reflect::member_names;
using mcp::reflect::member_refs;
using mcp::reflect::member_type;

template <class T, class... Names>
consteval bool named(const Names&... names) {
    const std::array<std::string_view, sizeof...(Names)> expected{names...};
    if (member_names<T>.size() != expected.size())
        return false;
    for (std::size_t at = 0; at < expected.size(); ++at)
        if (member_names<T>[at] != expected[at])
            return false;
    return true;
}

struct in_anonymous {
    std::string größe;
    outer::point where_1;
    int _x;
};

struct defaults {
    int limit = 10;
    std::optional<std::string> filter;
    bool deep = true;
    std::string text = "a";
};

struct no_default {
    explicit no_default(int) {}
};

struct holds_no_default {
    int before;
    no_default middle;
    int after;
};

struct arrays {
    int before;
    int three[3];
    outer::point points[2];
    char text[1];
    int grid[2][2];
    std::array<int, 4> four;
    int after;
};

struct many_types {
    std::vector<int> a;
    std::map<std::string, std::vector<double>> b;
    std::optional<int> c;
    std::optional<std::optional<std::string>> d;
    std::variant<int, std::string> e;
    std::tuple<int, std::string> f;
    std::pair<int, int> g;
    std::chrono::seconds h;
    std::chrono::system_clock::time_point i;
    outer::colour j;
    std::unique_ptr<int> k;
    std::shared_ptr<int> l;
    std::function<void()> m;
    const int n;
    std::string_view o;
    const char* p;
    bool q;
    double r;
    outer::empty s;
    outer::both<int, outer::both<int, int>> t;
};

struct tree {
    int value;
    std::vector<tree> children;
    std::unique_ptr<tree> next;
};

struct sixty_four {
    std::string a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, c0,
        c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, e0, e1, e2, e3,
        e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, g0, g1, g2, g3;
};

static_assert(aggregate_struct<outer::point>);
static_assert(aggregate_struct<outer::empty>);
static_assert(aggregate_struct<tree>);
static_assert(!aggregate_struct<int>);
static_assert(!aggregate_struct<std::string>);
static_assert(!aggregate_struct<int[3]>);
static_assert(!aggregate_struct<std::array<int, 3>>);
static_assert(!aggregate_struct<std::pair<int, int>>);
static_assert(!aggregate_struct<std::tuple<int>>);
static_assert(!aggregate_struct<mcp::arg<"a", int>>);
static_assert(!aggregate_struct<mcp::arguments<>>);
static_assert(!aggregate_struct<no_default>);

static_assert(named<outer::empty>());
static_assert(named<outer::point>("x", "y"));
static_assert(named<outer::line>("from", "to"));
static_assert(named<in_anonymous>("größe", "where_1", "_x"));
static_assert(named<defaults>("limit", "filter", "deep", "text"));
static_assert(named<holds_no_default>("before", "middle", "after"));
static_assert(named<arrays>("before", "three", "points", "text", "grid", "four", "after"));
static_assert(named<many_types>("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
                                "n", "o", "p", "q", "r", "s", "t"));
static_assert(named<tree>("value", "children", "next"));
static_assert(named<outer::both<outer::both<int, char>, std::tuple<int, int>>>("first_one",
                                                                               "second_one"));
static_assert(member_count<sixty_four> == 64);
static_assert(member_names<sixty_four>[0] == "a0" && member_names<sixty_four>[63] == "g3");

static_assert(std::is_same_v<member_type<many_types, 2>, std::optional<int>>);
static_assert(std::is_same_v<member_type<many_types, 13>, const int>);
static_assert(std::is_same_v<member_type<arrays, 1>, int[3]>);
static_assert(mcp::reflect::member_index<outer::point>("y") == 1);
static_assert(mcp::reflect::member_index<outer::point>("z") == 2);

static_assert([] {
    outer::point p{1, 2};
    std::get<1>(member_refs(p)) = 5;
    return p.y == 5;
}());

TEST(members, refs_are_the_members) {
    outer::line line{{1, 2}, {3, 4}};
    auto refs = member_refs(line);
    EXPECT_EQ(&std::get<1>(refs), &line.to);
    const outer::line& fixed = line;
    static_assert(std::is_same_v<decltype(member_refs(fixed)),
                                 std::tuple<const outer::point&, const outer::point&>>);
    EXPECT_EQ(std::get<0>(member_refs(fixed)).y, 2);
}

static_assert([] {
    outer::point p{1, 2};
    mcp::reflect::member_at<0>(p) = 7;
    return mcp::reflect::with_members(p, [](auto&... member) { return (0 + ... + member); }) == 9;
}());

TEST(members, local_struct) {
    struct local {
        int inside;
        std::string text;
    };
    static_assert(named<local>("inside", "text"));
    const auto lambda = [] {
        struct deeper {
            bool flag;
        };
        return member_names<deeper>[0];
    };
    EXPECT_EQ(lambda(), "flag");
}

} // namespace
