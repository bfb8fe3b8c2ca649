// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/dates.hpp>
#include <mcp/encoding/impl/time_scanner.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {
namespace detail {

/// Reads "2026-07-28" and moves past it.
inline std::optional<std::chrono::year_month_day> scan_date(time_scanner& scan) {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!(scan.number(4, year) && scan.take('-') && scan.number(2, month) && scan.take('-') &&
          scan.number(2, day))) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional{date} : std::nullopt;
}

MCP_DECL bool append_moment(std::string& out, split_time time) {
    using namespace std::chrono;
    constexpr std::int64_t year_0 = -62'167'219'200;
    constexpr std::int64_t year_10000 = 253'402'300'800;
    if (time.seconds < year_0 || time.seconds >= year_10000) {
        return false;
    }
    const sys_seconds second{seconds{time.seconds}};
    const sys_days day = floor<days>(second);
    const hh_mm_ss clock{second - day};
    const auto put = [&](std::int64_t number, std::size_t width, char after) {
        append_digits(out, number, width);
        out.push_back(after);
    };
    append_date(out, year_month_day{day});
    out.push_back('T');
    put(clock.hours().count(), 2, ':');
    put(clock.minutes().count(), 2, ':');
    append_digits(out, clock.seconds().count(), 2);
    append_fraction(out, time.nanos);
    out.push_back('Z');
    return true;
}

MCP_DECL std::optional<read_moment> parse_moment(std::string_view text) {
    using namespace std::chrono;
    time_scanner scan{text};
    const auto date = scan_date(scan);
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::int64_t nanos = 0;
    bool fine = false;
    if (!(date && (scan.take('T') || scan.take(' ')) && scan.number(2, hour) && scan.take(':') &&
          scan.number(2, minute) && scan.take(':') && scan.number(2, second)) ||
        (scan.take('.') && !scan.fraction(nanos, fine))) {
        return std::nullopt;
    }
    int offset_hour = 0;
    int offset_minute = 0;
    if (!scan.take('Z')) {
        const bool west = scan.take('-');
        if ((!west && !scan.take('+')) || !scan.number(2, offset_hour) || !scan.take(':') ||
            !scan.number(2, offset_minute) || offset_hour > 23 || offset_minute > 59) {
            return std::nullopt;
        }
        offset_hour = west ? -offset_hour : offset_hour;
        offset_minute = west ? -offset_minute : offset_minute;
    }
    if (!scan.done() || hour > 23 || minute > 59 || second > 60) {
        return std::nullopt;
    }
    const sys_seconds moment = sys_days{*date} + hours{hour - offset_hour} +
                               minutes{minute - offset_minute} + seconds{second};
    if (second == 60 && floor<days>(moment) != moment) {
        return std::nullopt;
    }
    return read_moment{{moment.time_since_epoch().count(), nanos}, fine};
}

} // namespace detail

MCP_DECL bool append_date(std::string& out, std::chrono::year_month_day date) {
    const int year = static_cast<int>(date.year());
    if (!date.ok() || year < 0 || year > 9999) {
        return false;
    }
    detail::append_digits(out, year, 4);
    out.push_back('-');
    detail::append_digits(out, static_cast<unsigned>(date.month()), 2);
    out.push_back('-');
    detail::append_digits(out, static_cast<unsigned>(date.day()), 2);
    return true;
}

MCP_DECL std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
    detail::time_scanner scan{text};
    const auto date = detail::scan_date(scan);
    return scan.done() ? date : std::nullopt;
}

} // namespace mcp
