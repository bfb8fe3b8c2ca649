// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folders auth, session, broker, replay, limit, state, for the compiled
/// form. One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/auth/impl/auth_backend.ipp>
#include <mcp/auth/impl/client_certificates.ipp>
#include <mcp/auth/impl/introspection.ipp>
#include <mcp/auth/impl/local_users.ipp>
#include <mcp/auth/impl/protected_resource.ipp>
#include <mcp/auth/impl/static_tokens.ipp>
#include <mcp/broker/impl/memory_broker.ipp>
#include <mcp/broker/impl/sse_broker.ipp>
#include <mcp/limit/impl/fixed_window.ipp>
#include <mcp/limit/impl/rate.ipp>
#include <mcp/limit/impl/sliding_window.ipp>
#include <mcp/limit/impl/token_bucket.ipp>
#include <mcp/replay/impl/event_envelope.ipp>
#include <mcp/replay/impl/memory_log.ipp>
#include <mcp/replay/impl/replay_log.ipp>
#include <mcp/session/impl/memory_sessions.ipp>
#include <mcp/session/impl/record_change.ipp>
#include <mcp/session/impl/session_record.ipp>
#include <mcp/session/impl/session_store.ipp>
#include <mcp/state/impl/parked_state.ipp>
