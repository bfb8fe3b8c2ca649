#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

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
inline void write(json_writer& w, const log_message& message) {
    w.begin_object();
    w.member("level", to_string(message.level));
    write_present(w, "logger", message.logger);
    w.member_raw("data", message.data.empty() ? "null" : std::string_view{message.data});
    w.end_object();
}

/// Appends the complete notification.
inline void write_log(std::string& out, const log_message& message) {
    std::string params;
    json_writer w{params};
    write(w, message);
    jsonrpc::write_notification(out, "notifications/message", params);
}

/// Reads a log level from its name.
inline result<log_level, decode_error> read_log_level(const json& value,
                                                      std::string_view path = {}) {
    const auto* text = value.if_string();
    const auto level = text ? parse_log_level(*text) : std::nullopt;
    if (!level) {
        return decode_error{std::string{path},
                            "expected one of debug, info, notice, warning, error, critical, "
                            "alert, emergency"};
    }
    return *level;
}

/// Reads the level in the params of `logging/setLevel`; legacy only.
inline result<log_level, decode_error> read_set_level(const json_object* params) {
    member_reader r{params};
    log_level level{};
    r.need("level", level, read_log_level);
    return r.finish(level);
}

inline result<log_message, decode_error> read_log_message(const json_object* params) {
    member_reader r{params};
    log_message read;
    r.need("level", read.level, read_log_level);
    r.take("logger", read.logger);
    if (const json* data = r.find("data")) {
        json_writer{read.data}.value(*data);
    } else {
        r.fail("data", "is missing");
    }
    return r.finish(std::move(read));
}

} // namespace mcp
