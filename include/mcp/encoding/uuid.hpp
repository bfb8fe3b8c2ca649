#pragma once

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcp {

/// Returns whether `text` has the form of a UUID: 8-4-4-4-12 hexadecimal digits of either case,
/// with any version and variant [RFC 9562 §4].
constexpr bool is_uuid(std::string_view text) {
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : hex_value(text[at]) < 0) {
            return false;
        }
    }
    return true;
}

/// Returns a new random UUID, version 4, in lower case [RFC 9562 §5.4], with 122 bits from the
/// system generator.
inline std::string random_uuid() {
    std::array<std::uint8_t, 16> bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string text = to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    for (const std::size_t at : {8u, 13u, 18u, 23u}) {
        text.insert(at, 1, '-');
    }
    return text;
}

} // namespace mcp
