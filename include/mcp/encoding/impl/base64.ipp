// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/base64.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

constexpr std::string_view base64_digits(base64_alphabet alphabet) {
    return alphabet == base64_alphabet::standard
               ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
               : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

inline constexpr std::uint8_t not_base64 = 0xFF;

template <base64_alphabet Alphabet>
inline constexpr auto base64_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_base64);
    std::uint8_t value = 0;
    for (const char digit : base64_digits(Alphabet)) {
        values[static_cast<unsigned char>(digit)] = value++;
    }
    return values;
}();

/// Decodes `text`, which has no padding.
template <base64_alphabet Alphabet>
std::optional<std::string> read_base64(std::string_view text) {
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string out(text.size() / 4 * 3 + text.size() % 4 * 3 / 4, '\0');
    std::size_t filled = 0;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::uint8_t value = base64_values<Alphabet>[static_cast<unsigned char>(c)];
        if (value == not_base64) {
            return std::nullopt;
        }
        bits = (bits << 6) | value;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[filled++] = static_cast<char>(bits >> count);
            bits &= (1u << count) - 1;
        }
    }
    return bits == 0 ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace detail

MCP_DECL void append_base64(std::string& out, std::string_view data, base64_alphabet alphabet) {
    const std::string_view digits = detail::base64_digits(alphabet);
    const auto byte = [&](std::size_t at) -> std::uint32_t {
        return at < data.size() ? static_cast<unsigned char>(data[at]) : 0u;
    };
    out.reserve(out.size() + (data.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < data.size(); at += 3) {
        const std::uint32_t bits = (byte(at) << 16) | (byte(at + 1) << 8) | byte(at + 2);
        const std::size_t used = data.size() - at < 3 ? data.size() - at + 1 : 4;
        const char group[4] = {digits[bits >> 18], digits[(bits >> 12) & 63],
                               digits[(bits >> 6) & 63], digits[bits & 63]};
        out.append(group, used);
        if (alphabet == base64_alphabet::standard) {
            out.append(4 - used, '=');
        }
    }
}

MCP_DECL std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
        text.remove_suffix(1);
    }
    return detail::read_base64<base64_alphabet::standard>(text);
}

MCP_DECL std::optional<std::string> from_base64url(std::string_view text) {
    return detail::read_base64<base64_alphabet::url>(text);
}

} // namespace mcp
