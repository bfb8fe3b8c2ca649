// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

class json_writer;

/// The severity of a log message, lowest first, so that `<` means "less severe" [RFC 5424 §6.2.1].
enum class log_level : std::uint8_t {
    debug,
    info,
    notice,
    warning,
    error,
    critical,
    alert,
    emergency,
};

namespace detail {

inline constexpr std::array<std::string_view, 8> log_level_names{
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"};

} // namespace detail

constexpr std::string_view to_string(log_level level) noexcept {
    return detail::log_level_names[static_cast<std::size_t>(level)];
}

constexpr std::optional<log_level> parse_log_level(std::string_view name) noexcept {
    for (std::size_t i = 0; i < detail::log_level_names.size(); ++i) {
        if (detail::log_level_names[i] == name) {
            return static_cast<log_level>(i);
        }
    }
    return std::nullopt;
}

/// A message for the client's log [MCP 2026-07-28 server/utilities/logging].
struct log_message {
    log_message() = default;
    log_message(log_level level_, std::string data_text, std::string logger_ = {})
        : level{level_}
        , logger{std::move(logger_)}
        , data{std::move(data_text)} {}

    log_level level = log_level::info;
    /// The component that logs; empty if absent.
    std::string logger;
    /// Any value as JSON text. It must not contain secrets.
    std::string data;

    friend bool operator==(const log_message&, const log_message&) = default;
};

/// Writes the params of `notifications/message`.
void write(json_writer& w, const log_message& message);

/// Appends the complete notification.
void write_log(std::string& out, const log_message& message);

/// Reads a log level from its name.
result<log_level, decode_error> read_log_level(json_view value, std::string_view path = {});

/// Reads the level in the params of `logging/setLevel`; legacy only.
result<log_level, decode_error> read_set_level(json_view params);

result<log_message, decode_error> read_log_message(json_view params);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/logging.ipp>
#endif
