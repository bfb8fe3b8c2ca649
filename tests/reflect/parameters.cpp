#include <mcp/reflect/parameters.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace {

using city = mcp::arg<"city", std::string>;
using days = mcp::arg<"days", int>;
using plain = mcp::arguments<city, days>;

using own_days =
    mcp::arg<"days", int, "How many", mcp::default_value{3}, mcp::minimum{1}, mcp::maximum{14}>;
using own_city = mcp::arg<"city", std::string, "Where", mcp::default_value{"Bern"}>;
using own = mcp::arguments<own_city, own_days>;

template <class Arguments, class... Params>
constexpr auto describe(Params... params) {
    return mcp::reflect::describe_parameters(std::type_identity<Arguments>(),
                                             mcp::described_members<Params...>{{params...}});
}

constexpr auto described = describe<plain>(
    mcp::param<"days">("How many", mcp::default_value{3}, mcp::minimum{1}, mcp::maximum{14}),
    mcp::param<"city">("Where", mcp::default_value{"Bern"}));

constexpr std::string_view schema =
    R"({"type":"object","properties":{)"
    R"("city":{"type":"string","description":"Where","default":"Bern"},)"
    R"("days":{"type":"integer","description":"How many","minimum":1,"maximum":14,"default":3}},)"
    R"("additionalProperties":false})";

TEST(parameters, have_one_schema_in_both_forms) {
    EXPECT_EQ(mcp::schema_of<own>, schema);
    EXPECT_EQ(mcp::described_schema_of<plain>(described), schema);
}

TEST(parameters, take_all_attributes) {
    using two = mcp::arguments<city, mcp::arg<"in", std::optional<double>, "Old">>;
    constexpr auto all = describe<two>(
        mcp::param<"city">(mcp::title{"City"}, mcp::pattern{"^[A-Z]"}, mcp::format{"uri"},
                           mcp::min_length{2}, mcp::max_length{9}, mcp::examples{"Bonn", "Bern"},
                           mcp::deprecated{}, mcp::param_header{"City"}),
        mcp::param<"in">("New", mcp::exclusive_minimum{0.5}, mcp::exclusive_maximum{2.5}));
    EXPECT_EQ(mcp::described_schema_of<two>(all),
              R"({"type":"object","properties":{"city":{"type":"string","title":"City",)"
              R"("format":"uri","pattern":"^[A-Z]","minLength":2,"maxLength":9,)"
              R"("examples":["Bonn","Bern"],"deprecated":true,"x-mcp-header":"City"},)"
              R"("in":{"type":"number","description":"New","exclusiveMinimum":0.5,)"
              R"("exclusiveMaximum":2.5}},"required":["city"],"additionalProperties":false})");
}

std::string read(std::string_view text, const auto& how, auto arguments) {
    const auto fault = mcp::decode_into(arguments, *mcp::parse_json(text), "arguments", how);
    if (fault)
        return std::string(fault->what());
    return std::get<0>(arguments.values) + std::to_string(std::get<1>(arguments.values));
}

std::string read_own(std::string_view text) {
    const auto read = mcp::decode<own>(*mcp::parse_json(text), "arguments");
    return read ? std::get<0>(read->values) + std::to_string(std::get<1>(read->values))
                : std::string(read.error().what());
}

TEST(parameters, are_read) {
    struct {
        std::string_view text, expected;
    } const table[] = {
        {R"({})", "Bern3"},
        {R"({"days":null})", "Bern3"},
        {R"({"city":"Basel","days":14})", "Basel14"},
        {R"({"days":0})", "arguments.days: expected at least 1, got 0"},
        {R"({"city":1,"days":15})", "arguments.city: expected string, got number; "
                                    "arguments.days: expected at most 14, got 15"},
    };
    for (const auto& [text, expected] : table) {
        EXPECT_EQ(read(text, described, plain()), expected) << text;
        EXPECT_EQ(read_own(text), expected) << text;
    }
}

TEST(parameters, add_to_what_their_types_say) {
    constexpr auto both =
        describe<own>(mcp::param<"days">("Nights", mcp::default_value{5}, mcp::maximum{7}));
    EXPECT_EQ(read(R"({})", both, own()), "Bern5");
    EXPECT_EQ(read(R"({"days":8})", both, own()), "arguments.days: expected at most 7, got 8");
    EXPECT_EQ(read(R"({"days":0})", both, own()), "arguments.days: expected at least 1, got 0");
    EXPECT_NE(mcp::described_schema_of<own>(both).find(
                  R"("description":"Nights","minimum":1,"maximum":7,"default":5})"),
              std::string::npos);
}

} // namespace
