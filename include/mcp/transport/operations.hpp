// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>

namespace mcp::http {
class server;
} // namespace mcp::http

namespace mcp {

class metrics;

/// What a health check shows of a server.
struct health_options {
    bool tool_names = false; ///< names of the tools, and their number
};

/// Returns a handler that says that the process is alive, for the check that restarts it:
/// `{"status":"healthy","server":"weather"}`. The status of the response is 200. The server must
/// outlive it.
///
///     app.add(mcp::http::verb::get, "/health", mcp::health_handler(server));
///     app.add(mcp::http::verb::get, "/ready", mcp::readiness_handler(server));
http::handler health_handler(const any_server& server, health_options shown = {});

/// Returns a handler that says whether the server can serve, for the check that sends it clients.
/// It has the health of each collaborator, such as
/// `{"status":"degraded","collaborators":{"sse_broker":{"ok":false,"reason":"…"}}}`. The status of
/// the response is 200, or 503 while a collaborator fails or the server is `any_server::draining`.
/// Then `status` is `degraded` or `draining`. The server must outlive the handler.
http::handler readiness_handler(any_server& server);

/// Adds gauges of a server: its name and version, the health of its collaborators, the calls that
/// wait for the pool of blocking handlers, the legacy sessions over HTTP, and the bytes that event
/// streams hold. The server must outlive the metrics, or the calls of `text`.
void add_gauges(metrics& to, any_server& server);

/// Adds gauges of an HTTP server: connections, streams, and bytes in flight. Call `remove_gauges`
/// before the HTTP server is destroyed.
void add_gauges(metrics& to, const http::server& server);

/// Removes what `add_gauges` has added of an HTTP server.
void remove_http_gauges(metrics& from);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/operations.ipp>
#endif
