#pragma once

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
inline std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (at + 8 <= text.size() &&
            (detail::load_8(text.data() + at) & detail::every_high_bit) == 0) {
            at += 8;
        } else if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
        } else if (const auto step = detail::read_utf8(text, at); step.valid) {
            at += step.length;
        } else {
            return at;
        }
    }
    return std::string_view::npos;
}

/// Returns whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
inline bool is_utf8(std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos;
}

/// Returns the number of code points of `text`, which must be UTF-8.
inline std::size_t utf8_length(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) {
        count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

/// Appends `text` with each ill-formed sequence replaced by U+FFFD.
inline void append_utf8_repaired(std::string& out, std::string_view text) {
    while (true) {
        const std::size_t bad = find_invalid_utf8(text);
        out.append(text.substr(0, bad));
        if (bad == std::string_view::npos) {
            return;
        }
        out.append(utf8_replacement);
        text.remove_prefix(bad + detail::read_utf8(text, bad).length);
    }
}

/// Appends one code point as UTF-8; a surrogate or a value above U+10FFFF becomes U+FFFD.
inline void append_utf8(std::string& out, std::uint32_t code_point) {
    const auto push = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) {
        push(code_point);
    } else if (code_point < 0x800) {
        push(0xC0 | (code_point >> 6));
        push(0x80 | (code_point & 0x3F));
    } else if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        out.append(utf8_replacement);
    } else if (code_point < 0x10000) {
        push(0xE0 | (code_point >> 12));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    } else {
        push(0xF0 | (code_point >> 18));
        push(0x80 | ((code_point >> 12) & 0x3F));
        push(0x80 | ((code_point >> 6) & 0x3F));
        push(0x80 | (code_point & 0x3F));
    }
}

} // namespace mcp
