// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/impl/split_time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// Appends a duration as ISO 8601 text: "P2DT3H", "PT0.25S", "-PT5M". A day is 24 hours. A
/// floating-point duration is written in seconds and must be finite.
template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length);

/// Reads an ISO 8601 duration of weeks, days, hours, minutes and seconds; only the seconds may have
/// a fraction. Returns nullopt for years and months, which have no fixed length. Also returns
/// nullopt if an integral `Duration` cannot hold the value exactly, and for units finer than that
/// of `Duration`: "PT0.5S" is not a whole number of seconds, and hours are not read from "PT60M".
template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text);

namespace detail {

/// Appends a length, see `append_iso8601`.
void append_length(std::string& out, split_time time);

/// Appends a length in seconds as "PT0.25S".
void append_seconds(std::string& out, float seconds);
void append_seconds(std::string& out, double seconds);
void append_seconds(std::string& out, long double seconds);

/// A length as read from a text.
struct read_length {
    split_time exact;
    double approximate = 0; ///< in seconds
    bool fine = false;      ///< has digits finer than a nanosecond
};

/// Reads a length in units of at least `finest` seconds, see `parse_iso8601`.
std::optional<read_length> parse_length(std::string_view text, std::int64_t finest);

/// The finest unit that texts of a `Duration` have, in seconds.
template <class Duration>
inline constexpr std::int64_t length_unit = [] {
    using period = typename Duration::period;
    for (const std::int64_t unit : {86'400, 3'600, 60})
        if (!std::chrono::treat_as_floating_point_v<typename Duration::rep> && period::den == 1 &&
            period::num % unit == 0)
            return unit;
    return std::int64_t{1};
}();

/// The text of no time at all.
template <class Duration>
inline constexpr std::string_view zero_length = length_unit<Duration> == 86'400  ? "P0D"
                                                : length_unit<Duration> == 3'600 ? "PT0H"
                                                : length_unit<Duration> == 60    ? "PT0M"
                                                                                 : "PT0S";

} // namespace detail

template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length) {
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
        detail::append_seconds(out, std::chrono::duration<Rep>{length}.count());
    } else if (length == length.zero()) {
        out.append(detail::zero_length<std::chrono::duration<Rep, Period>>);
    } else {
        detail::append_length(out, detail::split(length));
    }
}

template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text) {
    const auto read = detail::parse_length(text, detail::length_unit<Duration>);
    if (!read) {
        return std::nullopt;
    }
    if constexpr (std::chrono::treat_as_floating_point_v<typename Duration::rep>) {
        return std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>{read->approximate});
    } else {
        return read->fine ? std::nullopt : detail::join<Duration>(read->exact, true);
    }
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/durations.ipp>
#endif
