// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/impl/split_time.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// Appends a time point as RFC 3339 text in UTC, "2026-07-28T09:30:00.25Z", with as many fractional
/// digits as it needs. Returns false and appends nothing for a year outside 0000 to 9999.
template <class Duration>
bool append_rfc3339(std::string& out, std::chrono::sys_time<Duration> moment);

/// Reads an RFC 3339 text with any offset. A leap second becomes the second after it. Returns
/// nullopt if the text is not a date and time, or if an integral `Duration` cannot hold it exactly:
/// "…:00.5Z" is not a whole number of seconds.
template <class Duration = std::chrono::system_clock::duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text);

/// Appends a date as RFC 3339 text, "2026-07-28". Returns false and appends nothing for a date that
/// does not exist and for a year outside 0000 to 9999.
bool append_date(std::string& out, std::chrono::year_month_day date);

/// Reads an RFC 3339 date. Returns nullopt for another text or a date that does not exist.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

namespace detail {

/// Appends the time that lies so long after 1970, see `append_rfc3339`.
bool append_moment(std::string& out, split_time time);

/// A time since 1970 as read from a text.
struct read_moment {
    split_time time;
    bool fine = false; ///< has digits finer than a nanosecond
};

/// Reads a time, see `parse_rfc3339`.
std::optional<read_moment> parse_moment(std::string_view text);

} // namespace detail

template <class Duration>
bool append_rfc3339(std::string& out, std::chrono::sys_time<Duration> moment) {
    return detail::append_moment(out, detail::split(moment.time_since_epoch()));
}

template <class Duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text) {
    const auto read = detail::parse_moment(text);
    constexpr bool exact = !std::chrono::treat_as_floating_point_v<typename Duration::rep>;
    if (!read || (exact && read->fine)) {
        return std::nullopt;
    }
    const auto count = detail::join<Duration>(read->time, exact);
    return count ? std::optional{std::chrono::sys_time<Duration>{*count}} : std::nullopt;
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/dates.ipp>
#endif
