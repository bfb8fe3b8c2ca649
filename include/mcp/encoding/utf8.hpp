// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace mcp {

/// The replacement for bytes that are not UTF-8: U+FFFD REPLACEMENT CHARACTER.
inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";

namespace detail {

/// The length of a character in bytes, and whether they are well-formed.
struct utf8_step {
    std::size_t length;
    bool valid;
};

/// Reads the character at `text[at]`, whose first byte is not ASCII. The length of an ill-formed
/// character is that of its "maximal subpart", so that each becomes one U+FFFD
/// [Unicode 15 §3.9, table 3-7].
constexpr utf8_step read_utf8(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned lead = byte(0);
    std::size_t length = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if ((lead & 0xF0) == 0xE0) {
        length = 3;
        low = lead == 0xE0 ? 0xA0 : 0x80;
        high = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        return {1, false};
    }
    if (byte(1) < low || byte(1) > high) {
        return {1, false};
    }
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) {
            return {i, false};
        }
    }
    return {length, true};
}

/// Loads eight bytes of text as one integer, in the byte order of the machine.
inline std::uint64_t load_8(const char* from) {
    std::uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

inline constexpr std::uint64_t every_high_bit = 0x8080808080808080u;

} // namespace detail

/// Returns `text` without a leading byte order mark, which writers such as .NET and PowerShell add.
/// [RFC 8259 §8.1] allows a JSON parser to ignore it.
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

/// Returns the position of the first byte that is not UTF-8, or npos if `text` is valid.
std::size_t find_invalid_utf8(std::string_view text);

/// Returns whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
inline bool is_utf8(std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos;
}

/// Returns the number of code points of `text`, which must be UTF-8.
std::size_t utf8_length(std::string_view text);

/// Appends `text` with each ill-formed sequence replaced by U+FFFD.
void append_utf8_repaired(std::string& out, std::string_view text);

/// Appends one code point as UTF-8; a surrogate or a value above U+10FFFF becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/utf8.ipp>
#endif
