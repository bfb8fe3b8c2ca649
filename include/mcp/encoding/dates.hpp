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

/// Reads an RFC 3339 text with any offset. A leap second becomes the second after it. Digits finer
/// than `Duration` are cut off, as a clock of that resolution would do. Returns nullopt if the text
/// is not a date and time, or if the value does not fit.
template <class Duration = std::chrono::system_clock::duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text);

namespace detail {

/// Appends the time that lies so long after 1970, see `append_rfc3339`.
bool append_date(std::string& out, split_time time);

/// Returns the time since 1970 that a text names, see `parse_rfc3339`.
std::optional<split_time> parse_date(std::string_view text);

} // namespace detail

template <class Duration>
bool append_rfc3339(std::string& out, std::chrono::sys_time<Duration> moment) {
    return detail::append_date(out, detail::split(moment.time_since_epoch()));
}

template <class Duration>
std::optional<std::chrono::sys_time<Duration>> parse_rfc3339(std::string_view text) {
    const auto time = detail::parse_date(text);
    const auto count = time ? detail::join<Duration>(*time, false) : std::nullopt;
    return count ? std::optional{std::chrono::sys_time<Duration>{*count}} : std::nullopt;
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/dates.ipp>
#endif
