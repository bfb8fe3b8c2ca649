// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>
#include <mcp/server/legacy/session.hpp>

#include <cstddef>
#include <string>

namespace mcp::legacy {

/// Decodes the parameters of `initialize`. The agreed revision is that of the client if this server
/// knows it as a legacy revision, or else the newest legacy one. The kept description of the client
/// may have `most` bytes as JSON. [MCP 2025-11-25 basic/lifecycle]
result<handshake, jsonrpc::error> read_handshake(json_view params, std::size_t most = 64 * 1024);

/// Appends the response to `initialize`.
void write_handshake(std::string& out, const any_server& server, const jsonrpc::id& id,
                     mcp::revision agreed);

} // namespace mcp::legacy

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/handshake.ipp>
#endif
