// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folder transport, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/transport/impl/http_policy.ipp>
#include <mcp/transport/impl/http_reply.ipp>
#include <mcp/transport/impl/inbound.ipp>
#include <mcp/transport/impl/listen.ipp>
#include <mcp/transport/impl/memory.ipp>
#include <mcp/transport/impl/message_peer.ipp>
#include <mcp/transport/impl/operations.ipp>
#include <mcp/transport/impl/resource_metadata.ipp>
#include <mcp/transport/impl/serve_connection.ipp>
#include <mcp/transport/impl/serve_http.ipp>
#include <mcp/transport/impl/stdio.ipp>
#include <mcp/transport/impl/streamable_http.ipp>
#include <mcp/transport/impl/trace_headers.ipp>
#include <mcp/transport/impl/trusted_proxies.ipp>
#ifndef MCP_NO_LEGACY
#include <mcp/transport/legacy/impl/event_id.ipp>
#include <mcp/transport/legacy/impl/event_stream.ipp>
#include <mcp/transport/legacy/impl/handshake.ipp>
#include <mcp/transport/legacy/impl/http_sse.ipp>
#include <mcp/transport/legacy/impl/live_sessions.ipp>
#include <mcp/transport/legacy/impl/node.ipp>
#include <mcp/transport/legacy/impl/recorded_reply.ipp>
#include <mcp/transport/legacy/impl/session_events.ipp>
#include <mcp/transport/legacy/impl/session_use.ipp>
#endif
