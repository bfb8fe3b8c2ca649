// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// The trusted proxies that every request passes before it reaches this server. None by default:
/// then the peer of the connection is the client, whatever its headers say.
struct trusted_proxies {
    std::size_t count = 0; ///< in a row; each appends the address of its peer to the header
    std::string header = "X-Forwarded-For"; ///< or a header with a single address, for one proxy
};

/// Returns the address in an element of the header: alone, with a port, or in brackets.
std::optional<asio::ip::address> forwarded_address(std::string_view text);

/// Returns the address of the client, as the farthest trusted proxy has seen it. If an element of
/// the header is not an address, or there are too few, returns the last address that could be read.
asio::ip::address client_address(const trusted_proxies& proxies, const http::request& request);

/// Returns the name by which an address is counted: the address itself, or the 64-bit network of an
/// IPv6 address, because its owner has all addresses of the network.
std::string caller_of(const asio::ip::address& address);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/trusted_proxies.ipp>
#endif
