// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/impl/split_time.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

/// Reads a length, see `parse_iso8601`.
std::optional<read_length> parse_length(std::string_view text);

} // namespace detail

template <class Rep, class Period>
void append_iso8601(std::string& out, std::chrono::duration<Rep, Period> length) {
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
        detail::append_seconds(out, std::chrono::duration<Rep>{length}.count());
    } else {
        detail::append_length(out, detail::split(length));
    }
}

template <class Duration>
std::optional<Duration> parse_iso8601(std::string_view text) {
    const auto read = detail::parse_length(text);
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
