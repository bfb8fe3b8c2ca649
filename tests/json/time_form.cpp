#include <mcp/json/time_form.hpp>

#include <mcp/json/decode.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/schema/re2.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/schema/validate.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono;

/// What is made of a text: the text that is written again, or the error. The schema must agree.
template <class T>
std::string read(std::string_view text) {
    static const auto schema =
        *mcp::schema::validator::compile(*mcp::parse_json(mcp::schema_of<T>));
    const mcp::json value = mcp::json_string(text);
    const auto got = mcp::decode<T>(value);
    if (mcp::schema_of<T>.find("format") == std::string_view::npos) {
        EXPECT_EQ(schema.validate(value).has_value(), got.has_value()) << text;
    } else if (got) {
        EXPECT_TRUE(schema.validate(value)) << text;
    }
    if (!got) {
        return got.error().message;
    }
    const std::string out = mcp::encode(*got);
    return out.substr(1, out.size() - 2);
}

struct row {
    std::string (*read)(std::string_view);
    std::string_view text;
    std::string_view result;
};

TEST(time_form, texts) {
    const row rows[] = {
        {read<seconds>, "PT90S", "PT1M30S"},
        {read<seconds>, "-PT90S", "-PT1M30S"},
        {read<seconds>, "+P1W2DT3H4M5S", "P9DT3H4M5S"},
        {read<seconds>, "PT1.000S", "PT1S"},
        {read<seconds>, "PT0.5S",
         R"(expected duration in whole seconds such as "PT1M30S", got "PT0.5S")"},
        {read<seconds>, "P", R"(expected duration in whole seconds such as "PT1M30S", got "P")"},
        {read<seconds>, "PT", R"(expected duration in whole seconds such as "PT1M30S", got "PT")"},
        {read<seconds>, "P1DT",
         R"(expected duration in whole seconds such as "PT1M30S", got "P1DT")"},
        {read<seconds>, "P1Y",
         R"(expected duration in whole seconds such as "PT1M30S", got "P1Y")"},
        {read<seconds>, "PT1.5M",
         R"(expected duration in whole seconds such as "PT1M30S", got "PT1.5M")"},
        {read<seconds>, "90 s",
         R"(expected duration in whole seconds such as "PT1M30S", got "90 s")"},
        {read<milliseconds>, "PT0.25S", "PT0.25S"},
        {read<milliseconds>, "PT0.2500S", "PT0.25S"},
        {read<milliseconds>, "PT0.0001S",
         R"(expected duration in whole milliseconds such as "PT1M30S", got "PT0.0001S")"},
        {read<nanoseconds>, "PT0.000000001S", "PT0.000000001S"},
        {read<nanoseconds>, "PT0.0000000001S",
         R"(expected duration in whole nanoseconds such as "PT1M30S", got "PT0.0000000001S")"},
        {read<minutes>, "P1DT90M", "P1DT1H30M"},
        {read<minutes>, "PT60S",
         R"(expected duration in whole minutes such as "PT1H30M", got "PT60S")"},
        {read<hours>, "P1DT12H", "P1DT12H"},
        {read<hours>, "PT90M",
         R"(expected duration in whole hours such as "P1DT12H", got "PT90M")"},
        {read<days>, "P2W", "P14D"},
        {read<days>, "PT24H", R"(expected duration in whole days such as "P3D", got "PT24H")"},
        {read<duration<double>>, "PT0.1234567891234S", "PT0.1234567891234S"},
        {read<duration<double>>, "P1M", R"(expected duration such as "PT1M30S", got "P1M")"},
        {read<sys_seconds>, "2026-07-28T11:30:00.000+02:00", "2026-07-28T09:30:00Z"},
        {read<sys_seconds>, "2026-07-28T09:30:00.5Z",
         R"(expected date and time in whole seconds such as "2026-07-28T09:30:00Z", )"
         R"(got "2026-07-28T09:30:00.5Z")"},
        {read<sys_time<milliseconds>>, "2026-07-28T09:30:00.1250-01:00",
         "2026-07-28T10:30:00.125Z"},
        {read<sys_time<milliseconds>>, "2026-07-28T09:30:00.1255Z",
         R"(expected date and time in whole milliseconds such as "2026-07-28T09:30:00Z", )"
         R"(got "2026-07-28T09:30:00.1255Z")"},
        {read<sys_time<nanoseconds>>, "1969-12-31T23:59:59.999999999Z",
         "1969-12-31T23:59:59.999999999Z"},
        {read<sys_time<hours>>, "2026-07-28T09:00:00Z", "2026-07-28T09:00:00Z"},
        {read<sys_time<hours>>, "2026-07-28T09:30:00Z",
         R"(expected date and time in whole hours such as "2026-07-28T09:30:00Z", )"
         R"(got "2026-07-28T09:30:00Z")"},
        {read<year_month_day>, "2024-02-29", "2024-02-29"},
        {read<year_month_day>, "2023-02-29",
         R"(expected date such as "2026-07-28", got "2023-02-29")"},
        {read<year_month_day>, "2026-07-28T09:30:00Z",
         R"(expected date such as "2026-07-28", got "2026-07-28T09:30:00Z")"},
        {read<sys_days>, "0000-01-01", "0000-01-01"},
        {read<sys_days>, "9999-12-31", "9999-12-31"},
        {read<sys_days>, "2026-7-28", R"(expected date such as "2026-07-28", got "2026-7-28")"},
    };
    for (const row& each : rows) {
        EXPECT_EQ(each.read(each.text), each.result) << each.text;
    }
}

template <class T>
std::string refusal(const T& value) {
    try {
        return mcp::encode(value);
    } catch (const mcp::encode_error& e) {
        return e.what();
    }
}

TEST(time_form, values_without_a_text) {
    EXPECT_EQ(refusal(year{2023} / 2 / 29),
              R"(this value cannot be written as a date such as "2026-07-28")");
    EXPECT_EQ(refusal(year{10'000} / 1 / 1),
              R"(this value cannot be written as a date such as "2026-07-28")");
    EXPECT_EQ(refusal(duration<double>{std::numeric_limits<double>::infinity()}),
              R"(this value cannot be written as a duration such as "PT1M30S")");
    EXPECT_EQ(refusal(duration<std::int64_t, std::pico>{1}),
              R"(this value cannot be written as a duration such as "PT1M30S")");
    EXPECT_EQ(refusal(duration<std::int64_t, std::pico>{1000}), R"("PT0.000000001S")");
}

} // namespace
