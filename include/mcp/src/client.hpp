// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folder client, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/client/impl/call_arguments.ipp>
#include <mcp/client/impl/child_process.ipp>
#include <mcp/client/impl/client.ipp>
#include <mcp/client/impl/client_credentials.ipp>
#include <mcp/client/impl/client_group.ipp>
#include <mcp/client/impl/client_questions.ipp>
#include <mcp/client/impl/connection_transport.ipp>
#include <mcp/client/impl/file_tokens.ipp>
#include <mcp/client/impl/http_transport.ipp>
#include <mcp/client/impl/in_process.ipp>
#include <mcp/client/impl/loopback_redirect.ipp>
#include <mcp/client/impl/mcp_servers.ipp>
#include <mcp/client/impl/oauth.ipp>
#include <mcp/client/impl/oauth_challenge.ipp>
#include <mcp/client/impl/oauth_messages.ipp>
#include <mcp/client/impl/oauth_metadata.ipp>
#include <mcp/client/impl/public_address.ipp>
#include <mcp/client/impl/response_cache.ipp>
#include <mcp/client/impl/subscription.ipp>
#include <mcp/client/impl/user_agent.ipp>
