// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folder server, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/server/impl/access_log.ipp>
#include <mcp/server/impl/any_server.ipp>
#include <mcp/server/impl/around.ipp>
#include <mcp/server/impl/call.ipp>
#include <mcp/server/impl/call_deadline.ipp>
#include <mcp/server/impl/call_gate.ipp>
#include <mcp/server/impl/call_limits.ipp>
#include <mcp/server/impl/catalog.ipp>
#include <mcp/server/impl/completion.ipp>
#include <mcp/server/impl/context.ipp>
#include <mcp/server/impl/environment.ipp>
#include <mcp/server/impl/failure.ipp>
#include <mcp/server/impl/health.ipp>
#include <mcp/server/impl/input.ipp>
#include <mcp/server/impl/input_round.ipp>
#include <mcp/server/impl/metrics.ipp>
#include <mcp/server/impl/observation.ipp>
#include <mcp/server/impl/operation.ipp>
#include <mcp/server/impl/owned_request.ipp>
#include <mcp/server/impl/permission.ipp>
#include <mcp/server/impl/prompt.ipp>
#include <mcp/server/impl/raw_tool.ipp>
#include <mcp/server/impl/registry.ipp>
#include <mcp/server/impl/request_view.ipp>
#include <mcp/server/impl/resource.ipp>
#include <mcp/server/impl/result_writer.ipp>
#include <mcp/server/impl/server_core.ipp>
#include <mcp/server/impl/server_log.ipp>
#include <mcp/server/impl/standard_error.ipp>
#include <mcp/server/impl/tool.ipp>
#include <mcp/server/impl/tool_output.ipp>
#include <mcp/server/impl/topics.ipp>
#ifndef MCP_NO_LEGACY
#include <mcp/server/legacy/impl/call_slots.ipp>
#include <mcp/server/legacy/impl/session.ipp>
#endif
