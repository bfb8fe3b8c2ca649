#pragma once

/// The function bodies of the folders transport, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/transport/legacy/impl/event_id.ipp>
#include <mcp/transport/legacy/impl/event_stream.ipp>
#include <mcp/transport/legacy/impl/live_sessions.ipp>
#include <mcp/transport/legacy/impl/node.ipp>
#include <mcp/transport/legacy/impl/recorded_reply.ipp>
#include <mcp/transport/legacy/impl/session_events.ipp>
#include <mcp/transport/legacy/impl/session_use.ipp>
