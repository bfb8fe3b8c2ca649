#pragma once

#include <mcp/encoding/impl/split_time.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp {

/// Appends a duration as ISO 8601 text: "P2DT3H", "PT0.25S", "-PT5M". A day is 24 hours. A
/// floating-point duration is written in seconds and must be finite.
template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length);

/// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds. Returns nullopt for years
/// and months, which have no fixed length. Also returns nullopt if an integral `Duration` cannot
/// hold the value exactly: "PT0.5S" is not a whole number of seconds.
template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text);

template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length) {
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
        const Rep seconds = std::chrono::duration<Rep>{length}.count();
        // The longest fixed text of a double has 309 digits before the point or 1074 after it.
        std::array<char, 1100> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                       std::abs(seconds), std::chars_format::fixed)
                             .ptr;
        out.append(std::signbit(seconds) && seconds != 0 ? "-PT" : "PT");
        out.append(digits.data(), end).push_back('S');
    } else {
        detail::split_time time = detail::split(length);
        const bool negative = time.seconds < 0;
        if (negative && time.nanos != 0) {
            ++time.seconds;
            time.nanos = detail::nanos_per_second - time.nanos;
        }
        // Negates part by part, because the lowest number of seconds has no positive counterpart.
        const auto positive = [&](std::int64_t part) { return negative ? -part : part; };
        const std::int64_t days = positive(time.seconds / 86'400);
        const std::int64_t rest = positive(time.seconds % 86'400);
        out.append(negative ? "-P" : "P");
        const auto put = [&](std::int64_t number, char unit) {
            if (number != 0) {
                detail::append_digits(out, number, 1);
                out.push_back(unit);
            }
        };
        put(days, 'D');
        if (rest == 0 && time.nanos == 0) {
            out.append(days == 0 ? "T0S" : "");
            return;
        }
        out.push_back('T');
        put(rest / 3600, 'H');
        put(rest / 60 % 60, 'M');
        if (rest % 60 != 0 || time.nanos != 0) {
            detail::append_digits(out, rest % 60, 1);
            detail::append_fraction(out, time.nanos);
            out.push_back('S');
        }
    }
}

namespace detail {

/// Adds a "<number><unit>" of a duration to the sum; false if it is malformed or overflows.
struct length_sum {
    split_time exact;
    double approximate = 0;
    bool fine = false;
    bool fraction_seen = false;

    bool add(std::string_view& rest, std::int64_t unit) {
        const char* const first = rest.data();
        const char* const last = first + rest.size();
        std::int64_t whole = 0;
        double value = 0;
        const auto [end, error] = std::from_chars(first, last, whole);
        const auto [point, _] = std::from_chars(first, last, value, std::chars_format::fixed);
        if (error != std::errc{} || *first == '-' || fraction_seen) {
            return false;
        }
        std::int64_t nanos = 0;
        if (end != point) {
            fraction_seen = true;
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

} // namespace detail

template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text) {
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
    detail::length_sum sum;
    bool some = false;
    const auto take = [&](const auto& units) {
        for (const component unit : units) {
            const std::size_t at = text.find_first_not_of("0123456789.");
            if (at != std::string_view::npos && text[at] == unit.letter) {
                if (!sum.add(text, unit.seconds)) {
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
    using rep = typename Duration::rep;
    if constexpr (std::chrono::treat_as_floating_point_v<rep>) {
        const std::chrono::duration<double> seconds{negative ? -sum.approximate : sum.approximate};
        return std::chrono::duration_cast<Duration>(seconds);
    } else {
        if (negative && sum.exact.nanos != 0) {
            sum.exact.seconds = -sum.exact.seconds - 1;
            sum.exact.nanos = detail::nanos_per_second - sum.exact.nanos;
        } else if (negative) {
            sum.exact.seconds = -sum.exact.seconds;
        }
        return sum.fine ? std::nullopt : detail::join<Duration>(sum.exact, true);
    }
}

} // namespace mcp
