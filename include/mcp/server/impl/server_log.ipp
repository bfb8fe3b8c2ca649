// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/server/observer.hpp>
#include <mcp/server/options.hpp>
#include <mcp/server/server_log.hpp>
#include <mcp/server/standard_error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline constexpr std::size_t longest_logged_id = 80; // clients choose ids

inline std::string log_title(const call_info& call) {
    std::string text(call.method.empty() ? "a request with an unknown method" : call.method);
    if (!call.name.empty())
        text.append(" ").append(call.name);
    return text;
}

/// Returns whether the character begins a line, moves the cursor or changes the direction of
/// the following text: controls, U+2028, U+2029 and the controls of direction.
/// [Unicode 15 §23.1, §23.2; UAX 9 §2]
constexpr bool deceives(std::uint32_t c) noexcept {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/// Appends text of an exception or a client, escaped so that it cannot look like lines of the
/// log. Bytes that are not UTF-8 are escaped, because some terminals take them for controls.
inline void append_log_text(std::string& to, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const auto sequence = byte < 0x80 ? utf8_step{1, true} : read_utf8(text, at);
        const std::string_view raw = text.substr(at, sequence.length);
        at += sequence.length;
        if (!sequence.valid) {
            for (std::size_t i = 0; i < raw.size(); ++i)
                append_hex(to += "\\x", raw.substr(i, 1));
            continue;
        }
        std::uint32_t character = byte; // no character of four bytes deceives
        if (sequence.length == 2)
            character = (byte & 0x1fU) << 6U | (static_cast<unsigned char>(raw[1]) & 0x3fU);
        else if (sequence.length == 3)
            character = (byte & 0xfU) << 12U | (static_cast<unsigned char>(raw[1]) & 0x3fU) << 6U |
                        (static_cast<unsigned char>(raw[2]) & 0x3fU);
        if (!deceives(character))
            to += raw;
        else if (byte == '\n')
            to += "\\n";
        else if (sequence.length == 1)
            append_hex(to += "\\x", raw);
        else
            append_hex(to += "\\u", std::string{static_cast<char>(character >> 8U),
                                                static_cast<char>(character & 0xffU)});
    }
}

} // namespace detail

static_assert(observer<detail::server_log>);

MCP_DECL void detail::server_log::begin(const call_info& call) const {
    std::string text = detail::log_title(call) + " begins";
    if (!call.trace.empty())
        text.append(", trace ").append(call.trace.trace_id());
    if (call.arguments)
        text.append(", arguments ").append(encode(call.arguments));
    log({log_level::debug, text, call.request_id});
}

MCP_DECL void detail::server_log::end(const call_info& call, const call_end& how) const {
    std::string text = detail::log_title(call) + " ended: ";
    text += to_string(how.outcome);
    if (how.code != 0)
        text.append(" ").append(std::to_string(how.code));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(how.duration);
    text.append(" after ").append(std::to_string(took.count())).append(" us");
    log({log_level::debug, text, call.request_id});
}

MCP_DECL void detail::server_log::log(const log_line& line) const {
    if (line.level < options_.level)
        return;
    std::string text;
    detail::append_log_text(text, line.text);
    if (!line.request_id.empty()) {
        text += " (id ";
        detail::append_log_text(text, line.request_id.substr(0, detail::longest_logged_id));
        text += line.request_id.size() > detail::longest_logged_id ? "...)" : ")";
    }
    if (options_.log)
        return options_.log(line.level, text);
    text = info_.name + " [" + std::string(to_string(line.level)) + "] " + text + '\n';
    standard_error::get().write(std::move(text), info_.name);
}

} // namespace mcp
