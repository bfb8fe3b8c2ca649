// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/hex.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
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
std::string random_uuid();

/// A UUID as its 16 bytes, in the order of the text; the nil UUID at first. JSON has it as text.
class uuid {
public:
    using bytes_type = std::array<std::uint8_t, 16>;

    constexpr uuid() = default;
    explicit constexpr uuid(const bytes_type& bytes) : bytes_{bytes} {}

    constexpr const bytes_type& bytes() const { return bytes_; }

    /// Reads the text form, in either case.
    static constexpr std::optional<uuid> parse(std::string_view text) {
        if (!is_uuid(text)) {
            return std::nullopt;
        }
        uuid out;
        std::size_t digit = 0;
        for (const char c : text) {
            if (c != '-') {
                std::uint8_t& byte = out.bytes_[digit++ / 2];
                byte = static_cast<std::uint8_t>(byte << 4 | hex_value(c));
            }
        }
        return out;
    }

    /// Returns the text form, in lower case.
    std::string to_string() const;

    friend constexpr auto operator<=>(const uuid&, const uuid&) = default;

private:
    bytes_type bytes_{};
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/uuid.ipp>
#endif
