#include <mcp/reflect/defaults.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace {

using mcp::reflect::default_of;
using mcp::reflect::has_default;
using mcp::reflect::may_be_absent;

enum class mode { fast, slow };

struct numbers {
    int plain;
    int zero = 0;
    int ten = 10;
    bool off = false;
    double half = 0.5;
    mode how = mode::slow;
    mode first = mode::fast;
    std::optional<int> maybe;
    std::optional<int> maybe_five = 5;
    std::chrono::seconds wait{30};
    std::vector<int> list = {1, 2};
    std::vector<int> empty;
};

static_assert(!has_default<numbers, 0> && !may_be_absent<numbers, 0>);
static_assert(has_default<numbers, 1> && default_of<numbers, 1>() == 0);
static_assert(default_of<numbers, 2>() == 10);
static_assert(has_default<numbers, 3> && !default_of<numbers, 3>());
static_assert(default_of<numbers, 4>() == 0.5);
static_assert(default_of<numbers, 5>() == mode::slow);
static_assert(default_of<numbers, 6>() == mode::fast);
static_assert(may_be_absent<numbers, 7> && !has_default<numbers, 7>);
static_assert(may_be_absent<numbers, 8> && !has_default<numbers, 8>);
static_assert(default_of<numbers, 9>() == std::chrono::seconds{30});
static_assert(default_of<numbers, 10>().size() == 2);
static_assert(!may_be_absent<numbers, 11>);

struct after_text {
    std::string query;
    int limit = 10;
    int plain;
};

static_assert(!may_be_absent<after_text, 0>);
static_assert(default_of<after_text, 1>() == 10);
static_assert(!may_be_absent<after_text, 2>);

struct limits {
    mcp::ranged<int, 1, 9> plain;
    mcp::ranged<int, 1, 9> least = 1;
};

static_assert(!has_default<limits, 0>);
static_assert(default_of<limits, 1>() == 1);

struct limits_after_text {
    std::string text;
    mcp::ranged<int, 1, 9> plain;
    mcp::ranged<int, 1, 9> least = 1;
};

static_assert(!has_default<limits_after_text, 1>);
static_assert(default_of<limits_after_text, 2>() == 1);

struct inner {
    int x = 1;
    int y;
};

struct outer {
    inner same;
    inner other = {5, 6};
};

static_assert(!has_default<outer, 0>);
static_assert(default_of<outer, 1>().x == 5);

struct unreadable {
    std::map<std::string, int> map;
    int limit = 10;
    int described = 10;
    std::string text = "abc";
};

} // namespace

template <>
struct mcp::describe<unreadable> {
    static constexpr auto members =
        mcp::members(mcp::member<"described">("", mcp::default_value{20}),
                     mcp::member<"text">("", mcp::title{"Text"}, mcp::default_value{"def"}));
};

namespace {

static_assert(!may_be_absent<unreadable, 0>);
static_assert(may_be_absent<unreadable, 1> && !has_default<unreadable, 1>);
static_assert(default_of<unreadable, 2>() == 20);
static_assert(has_default<unreadable, 3>);
static_assert(mcp::reflect::described_default<unreadable, 3>() == "def");

struct said {
    std::vector<int> tags{};
    std::string empty = "";
    std::string needed;
    std::map<std::string, int> map{};
};

} // namespace

template <>
struct mcp::describe<said> {
    static constexpr auto members =
        mcp::members(mcp::member<"tags">("Tags", mcp::defaulted{}),
                     mcp::member<"empty">(mcp::defaulted{}), mcp::member<"map">(mcp::defaulted{}));
};

namespace {

static_assert(may_be_absent<said, 0> && !has_default<said, 0>);
static_assert(may_be_absent<said, 1> && !has_default<said, 1>);
static_assert(!may_be_absent<said, 2>);
static_assert(may_be_absent<said, 3>);

// Nothing beside a map can be read. But all scalars of `silent` have an initialiser, and that of
// `single` has none. One scalar of `mixed` has none, but which?
struct silent {
    std::map<std::string, int> map;
    std::string text;
    int limit = 10;
    bool off = false;
    std::vector<int> list;
};
struct mixed {
    std::map<std::string, int> map;
    int limit = 0;
    int plain;
};
struct single {
    std::map<std::string, int> map;
    int plain;
};
struct only_map {
    std::map<std::string, int> map;
    std::optional<int> limit;
};
struct within {
    single first;
    int limit = 10;
};
struct loud {
    std::map<std::string, int> map;
    std::string text = "abc";
};
struct in_vector {
    std::vector<silent> first;
    int limit = 10;
};
struct none {
    std::map<std::string, int> map;
    int limit = 10;
    int plain;
};

} // namespace

template <>
struct mcp::describe<none> {
    static constexpr bool defaults = false;
};

namespace {

using mcp::reflect::detail::knows_defaults;
// Constants may have owning pointers since C++23, which does not change the schema.
struct owner {
    std::unique_ptr<int> pointer;
    int limit = 10;
};
static_assert(may_be_absent<owner, 1> && !has_default<owner, 1>);

static_assert(knows_defaults<silent>);
static_assert(!may_be_absent<silent, 0> && !may_be_absent<silent, 1>);
static_assert(may_be_absent<silent, 2> && !has_default<silent, 2>);
static_assert(may_be_absent<silent, 3> && !may_be_absent<silent, 4>);
static_assert(!knows_defaults<mixed> && !knows_defaults<within> && !knows_defaults<loud>);
static_assert(knows_defaults<single> && !may_be_absent<single, 1>);
static_assert(knows_defaults<none> && !may_be_absent<none, 1>);
static_assert(knows_defaults<only_map> && knows_defaults<said>);
static_assert(knows_defaults<unreadable> && knows_defaults<numbers> && knows_defaults<after_text>);
static_assert(knows_defaults<in_vector> && default_of<in_vector, 1>() == 10);

// clang with the library of g++ 12 reads the first two, and knows that it does not know the others.
struct required_first {
    std::string query;
    bool off = false;
    std::chrono::seconds none{0};
};
static_assert(!may_be_absent<required_first, 0>);
static_assert(has_default<required_first, 1> && has_default<required_first, 2>);

struct all_needed {
    int count;
    std::string query;
    std::vector<int> list;
    std::string more;
};
static_assert(knows_defaults<all_needed>);
static_assert(!may_be_absent<all_needed, 0> && !may_be_absent<all_needed, 1> &&
              !may_be_absent<all_needed, 2> && !may_be_absent<all_needed, 3>);

struct texts {
    std::string query;
    std::string mode = "fast";
    bool off = false;
};
struct before_text {
    int limit = 10;
    std::string query;
};
#if defined(__clang__) && defined(_GLIBCXX_RELEASE) && _GLIBCXX_RELEASE < 13
static_assert(!mcp::reflect::detail::agrees_on_defaults<texts>);
static_assert(!mcp::reflect::detail::agrees_on_defaults<before_text>);
#else
static_assert(!may_be_absent<texts, 0> && default_of<texts, 1>() == "fast");
static_assert(has_default<texts, 2> && default_of<before_text, 0>() == 10);
#endif

TEST(defaults, apply_described) {
    unreadable object{};
    mcp::reflect::apply_described_defaults(object);
    EXPECT_EQ(object.limit, 10);
    EXPECT_EQ(object.described, 20);
    EXPECT_EQ(object.text, "def");
}

} // namespace
