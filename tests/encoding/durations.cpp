#include <mcp/encoding/durations.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::string text_of(auto length) {
    std::string out;
    mcp::append_iso8601(out, length);
    return out;
}

TEST(durations, written) {
    EXPECT_EQ(text_of(0s), "PT0S");
    EXPECT_EQ(text_of(0ms), "PT0S");
    EXPECT_EQ(text_of(0min), "PT0M");
    EXPECT_EQ(text_of(0h), "PT0H");
    EXPECT_EQ(text_of(std::chrono::weeks{0}), "P0D");
    EXPECT_EQ(text_of(90s), "PT1M30S");
    EXPECT_EQ(text_of(26h), "P1DT2H");
    EXPECT_EQ(text_of(48h), "P2D");
    EXPECT_EQ(text_of(250ms), "PT0.25S");
    EXPECT_EQ(text_of(-250ms), "-PT0.25S");
    EXPECT_EQ(text_of(-90500ms), "-PT1M30.5S");
    EXPECT_EQ(text_of(1ns), "PT0.000000001S");
    EXPECT_EQ(text_of(std::chrono::days{-3}), "-P3D");
    EXPECT_EQ(text_of(std::chrono::duration<double>{1.1}), "PT1.1S");
    EXPECT_EQ(text_of(std::chrono::duration<float>{0.1F}), "PT0.1S");
    EXPECT_EQ(text_of(std::chrono::duration<double>{-1e-12}), "-PT0.000000000001S");
    EXPECT_EQ(text_of(std::chrono::duration<double, std::ratio<60>>{1.5}), "PT90S");
}

TEST(durations, ends_of_the_range) {
    for (const nanoseconds end : {nanoseconds::min(), nanoseconds::max()}) {
        EXPECT_EQ(mcp::parse_iso8601<nanoseconds>(text_of(end)), end);
    }
    EXPECT_EQ(mcp::parse_iso8601<seconds>(text_of(seconds::max())), seconds::max());
    EXPECT_EQ(text_of(seconds::min()), "-P106751991167300DT15H30M8S");
    EXPECT_EQ(mcp::parse_iso8601<nanoseconds>("PT9223372036.854775808S"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("PT9223372036854775808S"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("P106751991167301D"), std::nullopt);
    EXPECT_EQ((mcp::parse_iso8601<std::chrono::duration<short>>("PT32768S")), std::nullopt);
    EXPECT_EQ((mcp::parse_iso8601<std::chrono::duration<short>>("-PT32768S")->count()), -32768);
}

TEST(durations, read) {
    EXPECT_EQ(mcp::parse_iso8601<seconds>("PT1M30S"), 90s);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("PT90S"), 90s);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("+PT90S"), 90s);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("-PT90S"), -90s);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("P1W2DT3H4M5S"), 9 * 24h + 3h + 4min + 5s);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("P0D"), 0s);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::minutes>("PT1H30M"), 90min);
    EXPECT_EQ(mcp::parse_iso8601<milliseconds>("PT0.500S"), 500ms);
    EXPECT_EQ(mcp::parse_iso8601<seconds>("PT1.000000000000S"), 1s);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::duration<double>>("PT1M0.1S")->count(), 60.1);
}

TEST(durations, refused_if_not_exact) {
    EXPECT_EQ(mcp::parse_iso8601<seconds>("PT0.5S"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::hours>("PT90M"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::hours>("PT60M"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::days>("PT24H"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<std::chrono::minutes>("PT1.5H"), std::nullopt);
    EXPECT_EQ(mcp::parse_iso8601<nanoseconds>("PT0.0000000001S"), std::nullopt);
}

TEST(durations, refused) {
    for (const std::string_view bad :
         {"",       "P",     "PT",    "P1DT",  "P1Y",    "P1M",    "1S",        "T1S",
          "PT1",    "PTS",   "P1S",   "PT1D",  "PT.5S",  "PT1.S",  "PT1.5M30S", "PT1S1M",
          "PT1M1M", "PT-1S", "PT 1S", "pt1s",  "PT1e3S", "PT1,5S", "PT1..5S",   "PT1.2.3S",
          "--PT1S", "PT1S ", " PT1S", "P1D1H", "PT0x1S"}) {
        EXPECT_EQ(mcp::parse_iso8601<nanoseconds>(bad), std::nullopt) << bad;
        EXPECT_EQ(mcp::parse_iso8601<std::chrono::duration<double>>(bad), std::nullopt) << bad;
    }
}

} // namespace
