// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the component redis, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/broker/impl/redis_broker.ipp>
#include <mcp/limit/impl/redis_rate_limiter.ipp>
#include <mcp/redis/impl/connection.ipp>
#include <mcp/redis/impl/settings.ipp>
#include <mcp/replay/impl/redis_replay.ipp>
#include <mcp/session/impl/redis_sessions.ipp>
