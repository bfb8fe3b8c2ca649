// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/public_address.hpp>

#include <asio/ip/address.hpp>
#include <asio/ip/address_v4.hpp>
#include <asio/ip/address_v6.hpp>

#include <cstddef>
#include <cstdint>

namespace mcp::detail {

inline bool is_public_v4(std::uint32_t address) {
    struct block {
        std::uint32_t prefix;
        unsigned bits;
    };
    constexpr block reserved[] = {
        {0x00000000, 8},  // this network
        {0x0a000000, 8},  // private
        {0x64400000, 10}, // shared
        {0x7f000000, 8},  // loopback
        {0xa9fe0000, 16}, // link
        {0xac100000, 12}, // private
        {0xc0000000, 24}, // protocols
        {0xc0000200, 24}, // documentation
        {0xc0a80000, 16}, // private
        {0xc6120000, 15}, // benchmarks
        {0xc6336400, 24}, // documentation
        {0xcb007100, 24}, // documentation
        {0xe0000000, 3},  // multicast, reserved, broadcast
    };
    for (const block& each : reserved)
        if (address >> (32 - each.bits) == each.prefix >> (32 - each.bits))
            return false;
    return true;
}

MCP_DECL bool is_public(const asio::ip::address& address) {
    if (address.is_v4())
        return is_public_v4(address.to_v4().to_uint());
    const auto bytes = address.to_v6().to_bytes();
    const auto v4_at = [&](std::size_t at) {
        return is_public_v4(std::uint32_t{bytes[at]} << 24 | std::uint32_t{bytes[at + 1]} << 16 |
                            std::uint32_t{bytes[at + 2]} << 8 | bytes[at + 3]);
    };
    const unsigned first = unsigned{bytes[0]} << 8U | unsigned{bytes[1]};
    if (first == 0x2002)
        return v4_at(2); // 6to4
    if (first == 0x0064 && bytes[2] == 0xff && bytes[3] == 0x9b) {
        for (std::size_t i = 4; i < 12; ++i)
            if (bytes[i] != 0)
                return false; // 64:ff9b:1::/48, of a local network
        return v4_at(12);     // NAT64
    }
    if (first == 0x2001 && bytes[2] < 2)
        return false; // Teredo, benchmarks and the like
    if (first == 0x2001 && bytes[2] == 0x0d && bytes[3] == 0xb8)
        return false;           // documentation
    return first >> 13U == 0x1; // 2000::/3 is all that is routed; mapped addresses are not
}

} // namespace mcp::detail
