// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// Returns the value of a hexadecimal digit of either case, or -1.
constexpr int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Appends `data`, any bytes, as lower-case hexadecimal digits.
void append_hex(std::string& out, std::string_view data);

/// Returns `data`, any bytes, as lower-case hexadecimal digits.
std::string to_hex(std::string_view data);

/// Decodes hexadecimal digits. Returns nullopt unless `text` is an even number of them.
std::optional<std::string> from_hex(std::string_view text);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/hex.ipp>
#endif
