// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/ip/address.hpp>

namespace mcp::detail {

/// Returns whether an address is one of the public internet: not of this machine, of a private
/// network, of a link, or reserved, and not an IPv6 form of such an address. [RFC 6890]
bool is_public(const asio::ip::address& address);

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/client/impl/public_address.ipp>
#endif
