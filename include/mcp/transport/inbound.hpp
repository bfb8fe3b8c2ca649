// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace mcp::jsonrpc {
struct error;
struct message;
} // namespace mcp::jsonrpc

namespace mcp {

/// Says to which of the two wires a message belongs.
enum class era : std::uint8_t { legacy, modern };

/// Returns the revision in the message's own `_meta`, whatever its type; absent if there is none.
json_view claimed_revision(json_view message) noexcept;

/// Returns whether the message claims the modern wire. It is then treated as modern in every case.
bool claims_modern(json_view message) noexcept;

/// Returns the error for a request that names no modern revision while there is no session.
/// `modern` says whether such a revision would be served.
jsonrpc::error not_begun(bool modern);

/// Returns the error for a request that comes before `notifications/initialized`; see
/// `server_options::require_initialized`.
jsonrpc::error not_initialized();

/// Returns the error for `initialize` on a server without the legacy era; it lists the revisions
/// that the server has. Returns nothing for other messages.
std::optional<jsonrpc::error> refuse_handshake(const jsonrpc::message& message);

/// Returns the era of one message, from the message itself. A transport with headers passes the
/// revision that its header names, if any.
///
/// `initialize` is legacy unless it claims a modern revision. A response is legacy unless it claims
/// a revision. A header with a modern or unknown revision makes all other messages modern, so that
/// a missing member is reported and not guessed.
era era_of(json_view message, std::optional<std::string_view> header = {}) noexcept;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/inbound.ipp>
#endif
