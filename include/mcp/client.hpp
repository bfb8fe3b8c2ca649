// SPDX-License-Identifier: MIT
#pragma once

/// What a client program needs over HTTP and other transports, but for OAuth, groups of clients,
/// and servers in the same process.

#include <mcp/client/call_arguments.hpp>
#include <mcp/client/call_many.hpp>
#include <mcp/client/child_process.hpp>
#include <mcp/client/client.hpp>
#include <mcp/client/client_options.hpp>
#include <mcp/client/client_questions.hpp>
#include <mcp/client/client_transport.hpp>
#include <mcp/client/connection_transport.hpp>
#include <mcp/client/http_transport.hpp>
#include <mcp/client/response_cache.hpp>
#include <mcp/client/subscription.hpp>
#include <mcp/client/transport_error.hpp>
