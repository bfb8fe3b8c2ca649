// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp::detail {

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

} // namespace mcp::detail
