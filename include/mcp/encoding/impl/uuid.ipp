// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/encoding/uuid.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace mcp {

MCP_DECL std::string uuid::to_string() const {
    std::string text = to_hex({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
    for (const std::size_t at : {8u, 13u, 18u, 23u}) {
        text.insert(at, 1, '-');
    }
    return text;
}

MCP_DECL std::string random_uuid() {
    uuid::bytes_type bytes;
    fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    return uuid{bytes}.to_string();
}

} // namespace mcp
