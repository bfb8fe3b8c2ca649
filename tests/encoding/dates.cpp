#include <mcp/encoding/dates.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::seconds;

/// The text of what was read, or "none".
template <class Duration>
std::string again(std::string_view text) {
    const auto moment = mcp::parse_rfc3339<Duration>(text);
    std::string out;
    return moment && mcp::append_rfc3339(out, *moment) ? out : "none";
}

TEST(dates, read_and_written) {
    EXPECT_EQ(again<nanoseconds>("2026-07-28T09:30:00Z"), "2026-07-28T09:30:00Z");
    EXPECT_EQ(again<nanoseconds>("2026-07-28T09:30:00.25Z"), "2026-07-28T09:30:00.25Z");
    EXPECT_EQ(again<nanoseconds>("2026-07-28T09:30:00.000000001Z"),
              "2026-07-28T09:30:00.000000001Z");
    EXPECT_EQ(again<nanoseconds>("2026-07-28t09:30:00z"), "2026-07-28T09:30:00Z");
    EXPECT_EQ(again<nanoseconds>("2026-07-28 09:30:00Z"), "2026-07-28T09:30:00Z");
    EXPECT_EQ(again<seconds>("2026-07-28T09:30:00+02:00"), "2026-07-28T07:30:00Z");
    EXPECT_EQ(again<seconds>("2026-07-28T09:30:00-09:30"), "2026-07-28T19:00:00Z");
    EXPECT_EQ(again<seconds>("1970-01-01T00:00:00Z"), "1970-01-01T00:00:00Z");
    EXPECT_EQ(again<seconds>("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00Z");
    EXPECT_EQ(again<seconds>("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59Z");
    EXPECT_EQ(again<seconds>("2024-02-29T12:00:00Z"), "2024-02-29T12:00:00Z");
}

TEST(dates, before_1970) {
    EXPECT_EQ(again<std::chrono::milliseconds>("1969-07-20T20:17:40.5Z"), "1969-07-20T20:17:40.5Z");
    EXPECT_EQ(*mcp::parse_rfc3339<std::chrono::milliseconds>("1969-12-31T23:59:59.999Z"),
              std::chrono::sys_time<std::chrono::milliseconds>{-1ms});
}

TEST(dates, refused_if_not_exact) {
    EXPECT_EQ(again<seconds>("2026-07-28T09:30:00.999Z"), "none");
    EXPECT_EQ(again<seconds>("2026-07-28T09:30:00.000Z"), "2026-07-28T09:30:00Z");
    EXPECT_EQ(again<std::chrono::days>("1969-07-20T20:17:40Z"), "none");
    EXPECT_EQ(again<std::chrono::days>("1969-07-20T00:00:00Z"), "1969-07-20T00:00:00Z");
    EXPECT_EQ(again<nanoseconds>("2026-07-28T09:30:00.1234567899999Z"), "none");
    EXPECT_EQ(again<nanoseconds>("2026-07-28T09:30:00.12345678900Z"),
              "2026-07-28T09:30:00.123456789Z");
}

TEST(dates, without_a_time) {
    for (const std::string_view good : {"2026-07-28", "0000-01-01", "9999-12-31", "2024-02-29"}) {
        const auto date = mcp::parse_date(good);
        std::string out;
        ASSERT_TRUE(date && mcp::append_date(out, *date)) << good;
        EXPECT_EQ(out, good);
    }
    for (const std::string_view bad : {"", "2026-07", "2026-7-28", "2026-07-28Z", "2023-02-29",
                                       "2026-13-01", "2026-00-01", "20260728", " 2026-07-28"}) {
        EXPECT_EQ(mcp::parse_date(bad), std::nullopt) << bad;
    }
}

TEST(dates, leap_seconds) {
    EXPECT_EQ(again<seconds>("1990-12-31T23:59:60Z"), "1991-01-01T00:00:00Z");
    EXPECT_EQ(again<seconds>("1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00Z");
    EXPECT_EQ(again<seconds>("1990-12-31T22:59:60Z"), "none");
}

TEST(dates, refused) {
    for (const std::string_view bad : {"",
                                       "2026",
                                       "2026-07-28",
                                       "2026-07-28T09:30Z",
                                       "2026-07-28T09:30:00",
                                       "2026-07-28T09:30:00.Z",
                                       "2026-07-28T09:30:00,5Z",
                                       "2026-07-28T09:30:00ZZ",
                                       "2026-07-28T09:30:00+2",
                                       "2026-07-28T09:30:00+02",
                                       "2026-07-28T09:30:00+0200",
                                       "2026-07-28T09:30:00+24:00",
                                       "2026-07-28T09:30:00+02:60",
                                       "2026-07-28T24:00:00Z",
                                       "2026-07-28T09:60:00Z",
                                       "2026-07-28T09:30:61Z",
                                       "2026-02-29T09:30:00Z",
                                       "2026-13-01T09:30:00Z",
                                       "2026-00-01T09:30:00Z",
                                       "2026-01-00T09:30:00Z",
                                       "2026-04-31T09:30:00Z",
                                       "26-07-28T09:30:00Z",
                                       "+2026-07-28T09:30:00Z",
                                       "2026-7-28T09:30:00Z",
                                       " 2026-07-28T09:30:00Z",
                                       "2026-07-28T09:30:00Z ",
                                       "2026/07/28T09:30:00Z",
                                       "10000-01-01T00:00:00Z"}) {
        EXPECT_EQ(mcp::parse_rfc3339<seconds>(bad), std::nullopt) << bad;
    }
}

TEST(dates, out_of_range) {
    EXPECT_EQ(mcp::parse_rfc3339<nanoseconds>("0001-01-01T00:00:00Z"), std::nullopt);
    EXPECT_EQ(mcp::parse_rfc3339<nanoseconds>("2262-04-11T23:47:16.854775808Z"), std::nullopt);
    EXPECT_EQ(again<nanoseconds>("2262-04-11T23:47:16.854775807Z"),
              "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(again<nanoseconds>("1677-09-21T00:12:43.145224192Z"),
              "1677-09-21T00:12:43.145224192Z");

    std::string out;
    EXPECT_FALSE(mcp::append_rfc3339(out, std::chrono::sys_seconds{seconds{253'402'300'800}}));
    EXPECT_FALSE(mcp::append_rfc3339(out, std::chrono::sys_seconds{seconds{-62'167'219'201}}));
    EXPECT_EQ(out, "");
}

} // namespace
