// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/durations.hpp>
#include <mcp/encoding/impl/time_scanner.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp::detail {

MCP_DECL void append_length(std::string& out, split_time time) {
    const bool negative = time.seconds < 0;
    if (negative && time.nanos != 0) {
        ++time.seconds;
        time.nanos = nanos_per_second - time.nanos;
    }
    // Negates part by part, because the lowest number of seconds has no positive counterpart.
    const auto positive = [&](std::int64_t part) { return negative ? -part : part; };
    const std::int64_t days = positive(time.seconds / 86'400);
    const std::int64_t rest = positive(time.seconds % 86'400);
    out.append(negative ? "-P" : "P");
    const auto put = [&](std::int64_t number, char unit) {
        if (number != 0) {
            append_digits(out, number, 1);
            out.push_back(unit);
        }
    };
    put(days, 'D');
    if (rest == 0 && time.nanos == 0) {
        return;
    }
    out.push_back('T');
    put(rest / 3600, 'H');
    put(rest / 60 % 60, 'M');
    if (rest % 60 != 0 || time.nanos != 0) {
        append_digits(out, rest % 60, 1);
        append_fraction(out, time.nanos);
        out.push_back('S');
    }
}

template <class Float>
void write_seconds(std::string& out, Float seconds) {
    // The longest fixed text of a double has 309 digits before the point or 1074 after it.
    std::array<char, 1100> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), std::abs(seconds),
                                   std::chars_format::fixed)
                         .ptr;
    out.append(std::signbit(seconds) && seconds != 0 ? "-PT" : "PT");
    out.append(digits.data(), end).push_back('S');
}

MCP_DECL void append_seconds(std::string& out, float seconds) {
    write_seconds(out, seconds);
}

MCP_DECL void append_seconds(std::string& out, double seconds) {
    write_seconds(out, seconds);
}

MCP_DECL void append_seconds(std::string& out, long double seconds) {
    write_seconds(out, seconds);
}

/// Adds a "<number><unit>" of a duration to the sum; false if it is malformed or overflows.
struct length_sum : read_length {
    bool add(std::string_view& rest, std::int64_t unit) {
        const char* const first = rest.data();
        const char* const last = first + rest.size();
        std::int64_t whole = 0;
        double value = 0;
        const auto [end, error] = std::from_chars(first, last, whole);
        const auto [point, _] = std::from_chars(first, last, value, std::chars_format::fixed);
        if (error != std::errc{} || *first == '-') {
            return false;
        }
        std::int64_t nanos = 0;
        if (end != point) {
            if (unit != 1) {
                return false;
            }
            time_scanner digits{{end + 1, point}};
            if (!digits.fraction(nanos, fine)) {
                return false;
            }
        }
        rest.remove_prefix(static_cast<std::size_t>(point - first) + 1);
        approximate += value * static_cast<double>(unit);
        nanos = nanos * unit + exact.nanos;
        exact.nanos = nanos % nanos_per_second;
        return !__builtin_mul_overflow(whole, unit, &whole) &&
               !__builtin_add_overflow(whole, nanos / nanos_per_second, &whole) &&
               !__builtin_add_overflow(whole, exact.seconds, &exact.seconds);
    }
};

MCP_DECL std::optional<read_length> parse_length(std::string_view text, std::int64_t finest) {
    const bool negative = text.starts_with('-');
    text.remove_prefix(negative || text.starts_with('+') ? 1 : 0);
    if (!text.starts_with('P')) {
        return std::nullopt;
    }
    text.remove_prefix(1);
    struct component {
        char letter;
        std::int64_t seconds;
    };
    constexpr std::array<component, 2> date{{{'W', 604'800}, {'D', 86'400}}};
    constexpr std::array<component, 3> clock{{{'H', 3'600}, {'M', 60}, {'S', 1}}};
    length_sum sum;
    bool some = false;
    const auto take = [&](const auto& units) {
        for (const component unit : units) {
            const std::size_t at = text.find_first_not_of("0123456789.");
            if (at != std::string_view::npos && text[at] == unit.letter) {
                if (unit.seconds < finest || !sum.add(text, unit.seconds)) {
                    return false;
                }
                some = true;
            }
        }
        return true;
    };
    if (!take(date)) {
        return std::nullopt;
    }
    if (text.starts_with('T')) {
        text.remove_prefix(1);
        some = false;
        if (!take(clock)) {
            return std::nullopt;
        }
    }
    if (!some || !text.empty()) {
        return std::nullopt;
    }
    if (negative) {
        sum.approximate = -sum.approximate;
        sum.exact.seconds = -sum.exact.seconds;
        if (sum.exact.nanos != 0) {
            --sum.exact.seconds;
            sum.exact.nanos = nanos_per_second - sum.exact.nanos;
        }
    }
    return sum;
}

} // namespace mcp::detail
