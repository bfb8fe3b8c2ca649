// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/hex.hpp>

#include <cstddef>
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

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/uuid.ipp>
#endif
