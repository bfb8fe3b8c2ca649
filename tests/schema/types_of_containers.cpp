// The sections of docs/types.md on types that consist of other types.
#include <mcp/json/literal.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/json_names.hpp>

#include <gtest/gtest.h>

#include "schema/types_page.hpp"
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

// Containers

namespace {
enum class side { left, right };
} // namespace

TEST(types_page, containers) {
    types_page::section page("Containers", __FILE__);
    page.type<std::optional<int>>({"1", "null"}, {R"("1")"});
    page.type<std::unique_ptr<int>>({"1", "null"}, {R"("1")"});
    page.type<std::vector<int>>({"[]", "[1,2]"}, {"1", R"([1,"2"])", "[null]"});
    page.type<std::vector<bool>>({"[true]"}, {"[1]"});
    page.type<std::vector<std::string>>({R"(["a"])"}, {R"("a")"});
    page.type<std::vector<std::vector<double>>>({"[[0.5],[]]"}, {R"([[0.5],["a"]])"});
    page.type<std::vector<std::optional<int>>>({"[1,null]"}, {"[true]"});
    page.type<std::deque<int>>({"[1]"}, {"{}"});
    page.type<std::list<int>>({"[1]"}, {"null"});
    page.type<std::array<int, 3>>({"[1,2,3]"}, {"[1,2]", "[1,2,3,4]"});
    page.type<std::set<std::string>>({R"(["b","a"])"}, {R"(["a","a"])"});
    page.type<std::set<side>>({R"(["right"])"}, {R"(["up"])"});
    page.type<std::unordered_set<int>>({"[1]"}, {"[1,1]"});
    page.type<std::multiset<int>>({"[2,1,2]"}, {R"(["a"])"});
    page.type<std::map<std::string, int>>({R"({})", R"({"a":1})"}, {"[]", R"({"a":"1"})"});
    page.type<std::map<std::string, std::vector<int>>>({R"({"a":[1]})"}, {R"({"a":1})"});
    page.type<std::unordered_map<std::string, bool>>({R"({"a":true})"}, {R"({"a":null})"});
    page.type<std::map<side, int>>({R"({"left":1})"}, {R"({"up":1})"});
    page.type<std::tuple<bool, std::string>>({R"([true,"a"])"}, {"[true]", R"([true,"a",1])"});
    page.type<std::tuple<>>({"[]"}, {"[1]"});
    page.type<std::pair<int, double>>({"[1,0.5]"}, {"[0.5,1]"});
    page.type<mcp::sized<std::vector<int>, 1, 2>>({"[1]"}, {"[]", "[1,2,3]"});
    page.type<mcp::sized<std::map<std::string, int>, 0, 1>>({"{}"}, {R"({"a":1,"b":2})"});
    page.type<std::vector<mcp::ranged<int, 1, 9>>>({"[1]"}, {"[0]"});
    page.type<mcp::json>({"null", R"([1,"a",{}])"}, {});
    page.type<mcp::json_object>({R"({"a":[]})"}, {"[]", "null"});
    page.type<mcp::json_array>({R"([1,"a"])"}, {"{}"});
    page.show();
}

// Structs

namespace {
struct nothing {};

struct point {
    double x;
    double y;
};

struct segment {
    point from;
    point to;
    std::optional<std::string> name;
};

struct tree {
    std::string name;
    std::vector<tree> children;
};

struct forest {
    std::map<std::string, tree> trees;
};

struct chain {
    int value;
    std::unique_ptr<chain> next;
};

struct family {
    std::shared_ptr<tree> mother;
    std::optional<std::unique_ptr<tree>> father;
};

struct derived : point {
    double z;

    static constexpr auto describe =
        mcp::described(mcp::member<&derived::x>(), mcp::member<&derived::y>(),
                       mcp::member<&derived::z>(mcp::default_value{0.5}));
};

class account {
public:
    account() = default;
    explicit account(std::string owner) : owner_(std::move(owner)) {}

private:
    std::string owner_;
    int limit_ = 100;

public:
    static constexpr auto describe =
        mcp::described(mcp::member<&account::owner_>("Whose it is", mcp::json_name{"owner"}),
                       mcp::member<&account::limit_>(mcp::json_name{"limit"}, mcp::defaulted{}));
};
} // namespace

TEST(types_page, structs) {
    types_page::section page("Structs", __FILE__);
    page.type<nothing>({"{}"}, {R"({"a":1})", "[]"});
    page.type<point>({R"({"x":0.5,"y":1.5})"},
                     {R"({"x":1})", "{}", R"({"x":"a","y":null,"z":1})", "null"});
    page.type<segment>({R"({"from":{"x":0.5,"y":0.5},"to":{"x":0.5,"y":0.5},"name":null})"},
                       {R"({"from":{"x":1},"to":[]})"});
    page.type<tree>({R"({"name":"a","children":[{"name":"b","children":[]}]})"},
                    {R"({"name":"a","children":[{"name":"b"}]})"});
    page.type<forest>({R"({"trees":{"oak":{"name":"a","children":[]}}})"},
                      {R"({"trees":{"oak":1}})"});
    page.type<chain>({R"({"value":1,"next":{"value":2,"next":null}})"}, {R"({"next":{}})"});
    page.type<family>({"{}", R"({"mother":{"name":"a","children":[]}})"}, {R"({"father":1})"});
    page.type<derived>({R"({"x":0.5,"y":1.5})"}, {R"({"z":1})"});
    page.type<account>({R"({"owner":"Ann"})"}, {R"({"owner_":"Ann"})", R"({"limit":1})"});
    page.type<std::vector<point>>({"[]"}, {"[{}]"});
    page.type<std::pair<point, point>>({R"([{"x":0.5,"y":0.5},{"x":0.5,"y":0.5}])"}, {"[]"});
    page.show();
}

// Structs with defaults

namespace {
enum class unit { metre, mile };

struct plain_defaults {
    bool exact = false;
    int limit = 10;
    double least = 0.5;
    unit in = unit::mile;
    std::chrono::seconds wait{90};
};

struct some_required {
    std::string query;
    std::optional<std::string> language;
    std::optional<int> page = 1;
    int limit = 10;
};

struct filled {
    std::vector<int> sizes = {1, 2};
    std::array<bool, 2> both = {true, false};
    std::tuple<int, unit> pair{3, unit::mile};
};

struct origin {
    double x = 0;
    double y = 0;
};

struct circle_at {
    origin middle;
    double radius = 1;
};

struct weighted {
    std::map<std::string, double> weights;
    std::vector<std::string> tags{};
    int limit = 10;
};

struct unread {
    int limit = 10;
};
} // namespace

template <>
struct mcp::describe<weighted> {
    static constexpr auto members = mcp::members(mcp::member<"tags">(mcp::defaulted{}),
                                                 mcp::member<"limit">(mcp::default_value{10}));
};

template <>
struct mcp::describe<unread> {
    static constexpr bool defaults = false;
};

TEST(types_page, structs_with_defaults) {
    types_page::section page("Structs with defaults", __FILE__);
    page.type<plain_defaults>({"{}", R"({"limit":20,"in":"metre","exact":null})"},
                              {R"({"limit":"a"})", R"({"Limit":1})"});
    page.type<some_required>({R"({"query":"a"})", R"({"query":"a","page":null})"},
                             {"{}", R"({"query":null})"});
    page.type<filled>({"{}", R"({"sizes":[]})"}, {R"({"both":[]})"});
    page.type<circle_at>({R"({"middle":{}})"}, {R"({"middle":null})"});
    page.type<weighted>({R"({"weights":{}})"}, {"{}"});
    page.type<unread>({R"({"limit":1})"}, {"{}"});
    page.show();
}

// Structs with a description

namespace {
struct booking {
    std::string guest;
    std::string room;
    int nights = 1;
    std::vector<std::string> extras;
    double discount;
};

struct reaction {
    std::string node_id;
    bool thumbs_up;
};
} // namespace

template <>
struct mcp::describe<booking> {
    static constexpr std::string_view title = "Booking";
    static constexpr std::string_view description = "A stay at the hotel";
    static constexpr auto members = mcp::members(
        mcp::member<"guest">("Name of the guest", mcp::min_length{1}, mcp::max_length{40}),
        mcp::member<"nights">("How long", mcp::minimum{1}, mcp::maximum{30}, mcp::default_value{1},
                              mcp::examples{1, 7}),
        mcp::member<"extras">(mcp::max_items{2}, mcp::defaulted{}),
        mcp::member<"discount">(mcp::exclusive_minimum{0}, mcp::exclusive_maximum{1}),
        mcp::member<"room">(mcp::title{"Room"}, mcp::format{"uuid"}, mcp::deprecated{},
                            mcp::param_header{"Room"}));
};

template <>
struct mcp::describe<reaction> {
    static constexpr mcp::camel_case names{};
    static constexpr auto members = mcp::members(mcp::member<"thumbs_up">(mcp::json_name{"+1"}));
};

TEST(types_page, structs_with_a_description) {
    types_page::section page("Structs with a description", __FILE__);
    page.type<booking>({R"({"guest":"Ann","discount":0.5,"room":"1"})"},
                       {R"({"guest":"","nights":31,"discount":1,"room":"1"})",
                        R"({"guest":"Ann","extras":["a","b","c"],"discount":0.5,"room":"1"})"});
    page.type<reaction>({R"({"nodeId":"a","+1":true})"}, {R"({"node_id":"a","thumbs_up":true})"});
    page.show();
}

// Variants

namespace {
struct disc {
    mcp::literal<"disc"> kind;
    double radius;
};

struct square {
    mcp::literal<"square"> kind;
    double side;
};

struct by_name {
    std::string name;
};

struct by_number {
    int number;
};

struct loose {
    std::optional<int> a;
};
} // namespace

TEST(types_page, variants) {
    types_page::section page("Variants", __FILE__);
    page.type<std::variant<bool, std::string>>({"true", R"("a")"}, {"1", "null"});
    page.type<std::variant<std::monostate, int>>({"null", "1"}, {R"("a")"});
    page.type<std::variant<int, double>>({"1", "0.5"}, {R"("a")"});
    page.type<std::variant<std::int8_t, std::string>>({"1"}, {"128"});
    page.type<std::variant<std::vector<int>, std::string>>({"[1]", R"("a")"}, {R"(["a"])"});
    page.type<std::variant<unit, std::string>>({R"("mile")", R"("league")"}, {"1"});
    page.type<std::variant<by_name, by_number>>({R"({"name":"a"})", R"({"number":1})"}, {"{}"});
    page.type<std::variant<disc, square>>({R"({"kind":"square","side":0.5})"},
                                          {R"({"kind":"square"})", R"({"kind":"line"})"});
    page.type<std::variant<loose, by_name>>({"{}", R"({"name":"a"})"}, {R"({"a":"b"})"});
    page.type<std::optional<std::variant<bool, std::string>>>({"null", "true"}, {"1"});
    page.type<std::map<std::string, std::variant<disc, square>>>(
        {R"({"a":{"kind":"disc","radius":0.5}})"}, {R"({"a":{}})"});
    page.show();
}
