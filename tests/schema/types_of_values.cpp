// The sections of docs/types.md on types that hold one value.
#include <mcp/async/ip_address.hpp>
#include <mcp/encoding/bytes.hpp>
#include <mcp/encoding/uuid.hpp>
#include <mcp/json/literal.hpp>
#include <mcp/json/string_types.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/schema/shows_range.hpp>

#include <gtest/gtest.h>

#include "schema/types_page.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// Truth and numbers

TEST(types_page, truth_and_numbers) {
    types_page::section page("Truth and numbers", __FILE__);
    page.type<bool>({"true"}, {"1", R"("true")", "null"});
    page.type<std::int8_t>({"-128", "127", "3.0"}, {"128", "-129", "1.5", R"("1")"});
    page.type<std::uint8_t>({"255"}, {"-1", "256"});
    page.type<short>({"-32768"}, {"32768"});
    page.type<unsigned short>({"65535"}, {"65536"});
    page.type<int>({"-2147483648", "7.0"}, {"2147483648", "0.5", "true"});
    page.type<unsigned>({"4294967295"}, {"-1", "4294967296"});
    page.type<long>({"-9223372036854775808"}, {"9223372036854775808"});
    page.type<std::int64_t>({"9223372036854775807"}, {"9223372036854775808", "1e300"});
    page.type<std::uint64_t>({"18446744073709551615"}, {"-1", "18446744073709551616"});
    page.type<std::size_t>({"0"}, {"-1"});
    page.type<long long>({"0"}, {R"("0")"});
    page.type<float>({"0.5"}, {R"("0.5")", "1e39"});
    page.type<double>({"0.1", "3", "-1e300"}, {R"("NaN")", "null"});
    page.type<mcp::ranged<int, 1, 100>>({"1", "100"}, {"0", "101", "1.5"});
    page.type<mcp::ranged<double, 0, 1>>({"0", "0.5"}, {"1.5", "-1"});
    page.type<mcp::ranged<std::uint8_t, 0, 9>>({"9"}, {"10", "-1"});
    page.type<std::monostate>({"null"}, {"0", "{}"});
    page.show();
}

// Enums

namespace {
enum class colour { red, green, blue };
enum level : std::uint8_t { low, high = 200 };
enum class status { ok = 200, not_found = 404, gateway_timeout = 504 };
enum class rights : std::uint32_t { none = 0, read = 1, write = 2, admin = 1u << 31 };
enum class depth { surface, sea = -100 };
enum class far { away = 100'000 };
enum class speed { slow, fast };
enum class mode { none = 0, read = 1, write = 2, both = 3, audit = 1 << 20 };
} // namespace

template <>
struct mcp::enum_range<far> {
    static constexpr int min = 99'999;
    static constexpr int max = 100'001;
};

template <>
struct mcp::describe<speed> {
    static constexpr auto members =
        mcp::members(mcp::member<"slow">("On foot"), mcp::member<"fast">("By train"));
};

template <>
struct mcp::describe<mode> {
    static constexpr bool flags = true;
};

TEST(types_page, enums) {
    types_page::section page("Enums", __FILE__);
    page.type<colour>({R"("green")"}, {R"("Green")", "1", R"("yellow")"});
    page.type<level>({R"("high")"}, {"200"});
    page.type<status>({R"("not_found")"}, {R"("404")"});
    page.type<rights>({R"("admin")"}, {R"("execute")"});
    page.type<depth>({R"("sea")"}, {R"("")"});
    page.type<far>({R"("away")"}, {R"("near")"});
    page.type<speed>({R"("fast")"}, {R"("By train")"});
    page.type<mode>({"[]", R"(["audit","read"])"},
                    {R"("read")", R"(["both"])", R"(["read","read"])"});
    page.show();
}

// Texts

namespace {
class word {
public:
    std::string text;
};
} // namespace

template <>
struct mcp::text_form<word> {
    static constexpr std::string_view description = "One word";

    static std::string what() { return "word without spaces"; }

    static bool append(std::string& out, const word& w) {
        out += w.text;
        return true;
    }

    static std::optional<word> parse(std::string_view text) {
        return text.find(' ') == text.npos ? std::optional(word{std::string(text)}) : std::nullopt;
    }
};

TEST(types_page, texts) {
    types_page::section page("Texts", __FILE__);
    page.type<std::string>({R"("text")", R"("")"}, {"1", "null", "[]"});
    page.type<mcp::sized<std::string, 1, 5>>({R"("äöüäö")"}, {R"("")", R"("longer")"});
    page.type<mcp::sized<std::string, 4, 4>>({R"("abcd")"}, {R"("abc")"});
    page.type<mcp::formatted<"email">>({R"("ann@example.com")", R"("ann")"}, {"0"});
    page.type<mcp::literal<"circle">>({R"("circle")"}, {R"("square")", "1"});
    page.type<std::filesystem::path>({R"("/tmp/a b")", R"("../a")"}, {R"("a\u0000b")", "1"});
    page.type<mcp::uri_text>({R"("https://example.com/a?b=c")", R"("mailto:ann@example.com")"},
                             {R"("example.com")", R"("https://a b")"});
    page.type<mcp::uuid>(
        {R"("123e4567-e89b-12d3-a456-426614174000")", R"("123E4567-E89B-12D3-A456-426614174000")"},
        {R"("123e4567")"});
    page.type<asio::ip::address>({R"("192.0.2.1")", R"("2001:db8::1")"},
                                 {R"("192.0.2.256")", R"("fe80::1%eth0")"});
    page.type<asio::ip::address_v4>({R"("192.0.2.1")"}, {R"("2001:db8::1")", R"("1.2.3")"});
    page.type<asio::ip::address_v6>({R"("2001:DB8:0::1")"}, {R"("192.0.2.1")"});
    page.type<mcp::bytes>({R"("AQID")", R"("")"}, {R"("AQ")", R"("%")"});
    page.type<word>({R"("one")"}, {R"("one two")"});
    page.show();
}

// Dates and durations

namespace {
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;
} // namespace

TEST(types_page, dates_and_durations) {
    types_page::section page("Dates and durations", __FILE__);
    page.type<year_month_day>({R"("2024-02-29")"}, {R"("2023-02-29")", R"("2024-2-9")"});
    page.type<sys_days>({R"("2024-02-29")"}, {R"("2024-02-29T00:00:00Z")"});
    page.type<std::chrono::sys_seconds>(
        {R"("2024-02-29T12:30:00Z")", R"("2024-02-29T12:30:00+02:00")"},
        {R"("2024-02-29T12:30:00.5Z")", R"("2024-02-29")", R"("2024-02-29T12:30:00")"});
    page.type<sys_time<std::chrono::milliseconds>>({R"("2024-02-29T12:30:00.125Z")"},
                                                   {R"("2024-02-29T12:30:00.0001Z")"});
    page.type<sys_time<std::chrono::microseconds>>({R"("2024-02-29T12:30:00.000001Z")"},
                                                   {R"("2024-02-29T25:00:00Z")"});
    page.type<std::chrono::nanoseconds>({R"("PT0.000000001S")"}, {R"("PT0.0000000001S")"});
    page.type<std::chrono::microseconds>({R"("PT0.000001S")"}, {R"("PT0.0000001S")"});
    page.type<std::chrono::milliseconds>({R"("PT1.5S")", R"("PT1M30S")", R"("-PT5M")"},
                                         {R"("PT0.0001S")", R"("1500")", "1500"});
    page.type<std::chrono::seconds>({R"("PT90S")", R"("P1D")"},
                                    {R"("PT0.5S")", R"("P1Y")", R"("P")"});
    page.type<std::chrono::minutes>({R"("PT1H30M")"}, {R"("PT60S")"});
    page.type<std::chrono::hours>({R"("P1DT12H")"}, {R"("PT60M")"});
    page.type<std::chrono::days>({R"("P3D")"}, {R"("PT72H")"});
    page.type<std::chrono::weeks>({R"("P2W")"}, {R"("PT168H")"});
    page.type<std::chrono::duration<double>>({R"("PT0.25S")"}, {R"("0.25")"});
    page.show();
}
