// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace mcp::detail {

/// Returns a word with the high bit set in each byte that ends a plain run: a quote, a backslash, a
/// control character or a non-ASCII byte. The byte after such a byte may be set by mistake.
constexpr std::uint64_t json_special_bytes(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t below_space = word - ones * 0x20;
    return (below_space | (quote - ones) | (backslash - ones) | word) & every_high_bit;
}

/// Returns whether `c` is ASCII and literal inside a JSON string.
constexpr bool is_json_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/// Returns whether four characters are ASCII and literal inside a JSON string.
inline bool is_json_plain_4(const char* from) {
    std::uint32_t half;
    std::memcpy(&half, from, sizeof half);
    return json_special_bytes(half | 0x2020202000000000u) == 0;
}

/// Returns the number of leading bytes of `text` that are plain inside a JSON string.
inline std::size_t json_plain_run(std::string_view text) {
    std::size_t at = 0;
    while (at + 8 <= text.size() && json_special_bytes(load_8(text.data() + at)) == 0) {
        at += 8;
    }
    if (at + 4 <= text.size() && is_json_plain_4(text.data() + at)) {
        at += 4;
    }
    while (at < text.size() && is_json_plain(text[at])) {
        ++at;
    }
    return at;
}

/// Returns the same count, including well-formed UTF-8 beyond ASCII.
inline std::size_t json_clean_run(std::string_view text) {
    std::size_t at = json_plain_run(text);
    while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
        const utf8_step step = read_utf8(text, at);
        if (!step.valid) {
            break;
        }
        at += step.length;
        at += json_plain_run(text.substr(at));
    }
    return at;
}

} // namespace mcp::detail
