#include <mcp/reflect/flags.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/schema/elicitation_schema_of.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/text_value.hpp>

#include <gtest/gtest.h>

#include <concepts>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

enum class rights : unsigned { none = 0, read = 1, write = 2, both = 3, audit = 1U << 20 };

constexpr rights operator|(rights a, rights b) {
    return static_cast<rights>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

enum class wide : std::uint64_t { low = 1, high = 1ULL << 62 };

enum old_style { first = 1, second = 2, third = 4 };

struct grant {
    std::string who;
    rights given = rights::read | rights::audit;
    std::map<std::string, std::vector<old_style>> others{};
};

struct form {
    rights given;
};

enum class plain { one, two };

struct holder {
    std::vector<plain> list;
    std::map<plain, int> counts;
};

} // namespace

template <>
struct mcp::describe<rights> {
    static constexpr bool flags = true;
    static constexpr auto title = "Rights";
};
template <>
struct mcp::describe<wide> {
    static constexpr bool flags = true;
};
template <>
struct mcp::describe<old_style> {
    static constexpr bool flags = true;
    static constexpr auto members = mcp::members(mcp::member<"first">("The first"));
};

namespace {

using mcp::reflect::flag_bits;
using mcp::reflect::flag_enum;
using mcp::reflect::flag_names;

static_assert(flag_enum<rights> && !flag_enum<plain> && !flag_enum<int>);
static_assert(flag_names<rights>.size() == 3 && flag_names<rights>[2] == "audit");
static_assert(flag_bits<rights>[2] == 1U << 20);
static_assert(flag_bits<wide>[1] == 1ULL << 62 && flag_names<wide>[1] == "high");
static_assert(!mcp::text_value<rights> && mcp::text_value<plain>);
static_assert(
    std::same_as<mcp::detail::form_fault<mcp::detail::json_use::reading, std::map<rights, int>>,
                 mcp::detail::map_key<std::map<rights, int>>>);

static_assert(mcp::schema_of<rights> ==
              R"({"type":"array","title":"Rights","items":{"type":"string",)"
              R"("enum":["read","write","audit"]},"uniqueItems":true})");
static_assert(mcp::schema_of<old_style> ==
              R"({"type":"array","items":{"type":"string","oneOf":[)"
              R"({"const":"first","title":"The first"},{"const":"second"},{"const":"third"}]},)"
              R"("uniqueItems":true})");
static_assert(mcp::schema_of<std::variant<plain, rights>>.starts_with(R"({"oneOf":[)"));

TEST(flags, default_value_is_in_the_schema) {
    EXPECT_NE(mcp::schema_of<form>.find(R"("required":["given"])"), std::string_view::npos);
    struct with_default {
        rights given = rights::read | rights::audit;
    };
    EXPECT_EQ(mcp::schema_of<with_default>,
              R"({"type":"object","properties":{"given":{"type":"array","title":"Rights",)"
              R"("items":{"type":"string","enum":["read","write","audit"]},"uniqueItems":true,)"
              R"("default":["read","audit"]}},"additionalProperties":false})");
    EXPECT_EQ(mcp::elicitation_schema_of<form>,
              R"({"type":"object","properties":{"given":{"type":"array","title":"Rights",)"
              R"("items":{"type":"string","enum":["read","write","audit"]}}},)"
              R"("required":["given"]})");
}

/// Returns what reading `text` as a `T` and writing it gives, or the error.
template <class T>
std::string round_trip(std::string_view text) {
    const auto value = mcp::decode<T>(mcp::parse_json(text).value());
    return value ? mcp::encode(*value) : value.error().what();
}

TEST(flags, are_arrays_of_names) {
    struct row {
        std::string_view text;
        std::string_view again;
    };
    const row rows[] = {
        {"[]", "[]"},
        {R"(["read"])", R"(["read"])"},
        {R"(["audit","read"])", R"(["read","audit"])"},
        {R"("read")", "expected array, got string"},
        {R"(["none"])", R"([0]: expected one of "read", "write", "audit", got "none")"},
        {R"(["both"])", R"([0]: expected one of "read", "write", "audit", got "both")"},
        {R"(["read",3,"read"])", "[1]: expected string, got number; [2]: duplicate element"}};
    for (const auto& [text, again] : rows)
        EXPECT_EQ(round_trip<rights>(text), again);
    EXPECT_EQ(round_trip<wide>(R"(["high","low"])"), R"(["low","high"])");
    EXPECT_EQ(round_trip<old_style>(R"(["third"])"), R"(["third"])");
    EXPECT_EQ(mcp::encode(grant{"Ada", rights::both, {{"x", {first, second}}}}),
              R"({"who":"Ada","given":["read","write"],"others":{"x":[["first"],["second"]]}})");
}

/// Returns why a value cannot be written.
std::string refusal(const auto& value) {
    try {
        return mcp::encode(value);
    } catch (const mcp::encode_error& e) {
        return e.what();
    }
}

TEST(flags, values_without_a_name_are_refused_with_type_and_value) {
    const std::string rest = " has no name in JSON; if C++ names it, widen mcp::enum_range<";
    EXPECT_EQ(refusal(static_cast<rights>(1 | 64)), "value 64 of enum rights" + rest + "rights>");
    EXPECT_EQ(refusal(static_cast<plain>(9)), "value 9 of enum plain" + rest + "plain>");
    EXPECT_EQ(refusal(holder{{plain::one, static_cast<plain>(-1)}, {}}),
              "value -1 of enum plain" + rest + "plain>");
    EXPECT_EQ(refusal(holder{{}, {{static_cast<plain>(7), 1}}}),
              "value 7 of enum plain" + rest + "plain>");
}

} // namespace
