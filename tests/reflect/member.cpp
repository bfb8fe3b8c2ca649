#include <mcp/reflect/member.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bank {

class account {
public:
    account() = default;
    explicit account(std::string owner) : owner_(std::move(owner)) {}

    [[nodiscard]] const std::string& owner() const { return owner_; }
    [[nodiscard]] int limit() const { return limit_; }
    [[nodiscard]] int reads() const { return reads_; }

    std::optional<std::string> note;

private:
    friend struct mcp::describe<account>;
    std::string owner_;
    int limit_ = 100;
    int reads_ = 7; // not listed
};

struct dated {
    std::string created;
};

struct priced {
    double price;
};

struct item : dated, priced {
    std::string name;
    account seller;
};

struct point {
    int x;
    int y;
};

class counter {
public:
    counter() = default;
    explicit counter(int n) : count_(n) {}

private:
    int count_ = 0;
    int step_ = 1;

public:
    static constexpr auto describe = mcp::described(
        "Counts", mcp::member<&counter::count_>(mcp::json_name{"count"}),
        mcp::member<&counter::step_>("How much", mcp::json_name{"step"}, mcp::defaulted{}));
};

struct heir : dated {
    int share;
};

class no_default {
public:
    explicit no_default(int n) : number(n) {}
    int number;
};

class unlisted {
public:
    unlisted() = default;
    explicit unlisted(int n) : number(n) {}
    int number = 0;
};

template <class T>
class box {
public:
    box() {}
    T value{};
};

} // namespace bank

template <>
struct mcp::describe<bank::account> {
    static constexpr auto title = "Account";
    static constexpr auto members = mcp::members(
        mcp::member<&bank::account::owner_>("Whose it is", json_name{"owner"}, min_length{1}),
        mcp::member<&bank::account::limit_>(json_name{"limit"}, defaulted{}),
        mcp::member<&bank::account::note>());
};

template <>
struct mcp::describe<bank::item> {
    static constexpr auto members = mcp::members(
        mcp::member<&bank::item::created>(), mcp::member<&bank::item::price>(default_value{1.5}),
        mcp::member<&bank::item::name>(), mcp::member<&bank::item::seller>());
};

template <>
struct mcp::describe<bank::point> {
    static constexpr auto members = mcp::members(mcp::member<&bank::point::y>("Height"));
};

template <>
struct mcp::describe<bank::no_default> {
    static constexpr auto members = mcp::members(mcp::member<&bank::no_default::number>());
};

template <>
struct mcp::describe<bank::unlisted> {
    static constexpr auto members = mcp::members(mcp::member<"number">("By name"));
};

template <class T>
struct mcp::describe<bank::box<T>> {
    static constexpr auto members = mcp::members(mcp::member<&bank::box<T>::value>("Content"));
};

namespace {

using bank::account;
using bank::item;

static_assert(mcp::reflect::aggregate_struct<account>);
static_assert(mcp::reflect::aggregate_struct<item>);
static_assert(!mcp::reflect::aggregate_struct<bank::unlisted>);
static_assert(mcp::reflect::member_count<account> == 3);
static_assert(mcp::reflect::member_names<account>[0] == "owner_");
static_assert(mcp::reflect::member_names<item>[1] == "price");
static_assert(mcp::reflect::member_names<bank::box<std::pair<int, char>>>[0] == "value");
static_assert(std::same_as<mcp::reflect::member_type<account, 1>, int>);

// An aggregate has all its members, however many are described.
static_assert(mcp::reflect::member_count<bank::point> == 2);

static_assert(
    std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, bank::no_default>,
                 mcp::detail::no_default_constructor<bank::no_default>>);
static_assert(
    std::same_as<mcp::detail::form_fault<mcp::detail::json_use::writing, bank::no_default>,
                 mcp::detail::no_fault>);
static_assert(
    std::same_as<mcp::detail::form_fault<mcp::detail::json_use::writing, std::vector<bank::heir>>,
                 mcp::detail::unlisted_bases<bank::heir>>);
static_assert(std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, bank::unlisted>,
                           mcp::detail::no_json_form<bank::unlisted>>);

constexpr std::string_view account_members =
    R"("title":"Account","properties":{"owner":{"type":"string","description":"Whose it is",)"
    R"("minLength":1},"limit":{"type":"integer"},"note":{"type":"string"}},)"
    R"("required":["owner"],"additionalProperties":false})";

TEST(member, listed_members_make_the_schema) {
    EXPECT_EQ(mcp::schema_of<account>, R"({"type":"object",)" + std::string(account_members));
    EXPECT_EQ(mcp::schema_of<item>,
              R"({"type":"object","properties":{"created":{"type":"string"},)"
              R"("price":{"type":"number","default":1.5},"name":{"type":"string"},)"
              R"("seller":{"type":"object",)" +
                  std::string(account_members) +
                  R"(},"required":["created","name","seller"],"additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<bank::point>,
              R"({"type":"object","properties":{"x":{"type":"integer"},)"
              R"("y":{"type":"integer","description":"Height"}},"required":["x","y"],)"
              R"("additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<bank::counter>,
              R"({"type":"object","description":"Counts","properties":{"count":{"type":"integer"},)"
              R"("step":{"type":"integer","description":"How much"}},"required":["count"],)"
              R"("additionalProperties":false})");
    EXPECT_EQ(mcp::schema_of<bank::box<int>>,
              R"({"type":"object","properties":{"value":{"type":"integer",)"
              R"("description":"Content"}},"required":["value"],"additionalProperties":false})");
}

/// Returns what reading `text` as a `T` and writing it gives, or the error.
template <class T>
std::string round_trip(std::string_view text) {
    const auto value = mcp::decode<T>(mcp::parse_json(text).value());
    return value ? mcp::encode(*value) : value.error().what();
}

TEST(member, listed_members_are_read_and_written) {
    struct row {
        std::string_view text;
        std::string_view again;
    };
    const row accounts[] = {
        {R"({"owner":"Ada"})", R"({"owner":"Ada","limit":100})"},
        {R"({"note":"x","limit":1,"owner":"Ada"})", R"({"owner":"Ada","limit":1,"note":"x"})"},
        {R"({"limit":1})", R"(member "owner" is missing)"},
        {R"({"owner":""})", "owner: expected at least 1 characters"},
        {R"({"owner":"Ada","reads_":1})", R"(unknown member "reads_")"},
        {R"({"owner_":"Ada"})", R"(member "owner" is missing; unknown member "owner_")"}};
    for (const auto& [text, again] : accounts)
        EXPECT_EQ(round_trip<account>(text), again);
    EXPECT_EQ(round_trip<bank::counter>(R"({"count":3})"), R"({"count":3,"step":1})");
    const row items[] = {
        {R"({"created":"today","name":"cup","seller":{"owner":"Bo"}})",
         R"({"created":"today","price":1.5,"name":"cup","seller":{"owner":"Bo","limit":100}})"},
        {R"({"created":"today","price":"2","name":"cup","seller":{"owner":"Bo"}})",
         "price: expected number, got string"}};
    for (const auto& [text, again] : items)
        EXPECT_EQ(round_trip<item>(text), again);
}

TEST(member, unlisted_members_keep_what_the_constructor_gives) {
    const auto value = mcp::decode<account>(mcp::parse_json(R"({"owner":"Ada"})").value());
    ASSERT_TRUE(value);
    EXPECT_EQ(value->owner(), "Ada");
    EXPECT_EQ(value->limit(), 100);
    EXPECT_EQ(value->reads(), 7);
}

} // namespace
