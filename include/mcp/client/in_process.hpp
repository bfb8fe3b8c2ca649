// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_transport.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/transport/message_peer.hpp>

#include <memory>

namespace mcp {

/// Returns a transport to a server in this process, in both eras: for tests, and for a host whose
/// tools are built in.
///
///     co_await client.connect(mcp::in_process(server));
///
/// Handlers of the server run on a strand of the executor of the client. The server must outlive
/// the transport, and the executor must run until it has no more work. `options.principal` is who
/// the client is.
std::unique_ptr<client_transport> in_process(any_server& server);
std::unique_ptr<client_transport> in_process(any_server& server, peer_options options);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/in_process.ipp>
#endif
