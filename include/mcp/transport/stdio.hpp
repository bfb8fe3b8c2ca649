// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/transport/message_peer.hpp>

#include <functional>

namespace mcp {

/// The settings of serving on standard input and output. They are copied before the server serves.
struct stdio_options {
    peer_options peer{}; ///< the limits of the client
    bool signals = true; ///< SIGINT and SIGTERM end it gracefully
    /// Called, on a thread of its own, if handlers still run half a second after they have been
    /// cancelled; see `serve_http_options::on_overdue`.
    std::function<void()> on_overdue{};
};

/// Serves one client on standard input and output, a JSON-RPC message per line, until the input
/// ends. Returns the value that `main` returns.
///
/// Logs a line if the input is a terminal. Runs an event loop on the calling thread. Meanwhile file
/// descriptor 1 is standard error and descriptor 0 is empty, so a handler that prints does not
/// disturb the client, and SIGPIPE is ignored.
///
/// At the end of the input, and at SIGINT or SIGTERM, running requests have `peer.drain` to end;
/// then they are cancelled. A signal after the end of the input cancels them at once. A second
/// signal ends the process at once, and so does a signal while only `mcp::blocking` handlers are
/// awaited: however long they take, unless `on_overdue` ends the process. A client that stops
/// reading ends it too. Returns 0, or 1 after a failure, which is logged. Throws
/// `std::system_error` if the descriptors cannot be redirected. [MCP 2026-07-28
/// basic/transports/stdio] [MCP 2025-11-25 basic/transports, stdio]
int serve_stdio(any_server& server, stdio_options options = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/stdio.ipp>
#endif
