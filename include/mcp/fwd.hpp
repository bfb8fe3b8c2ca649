// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>

/// Forward declarations of the types that users name in their own headers, such as
///
///     void add_tools(mcp::any_server& server);
///     mcp::tool_result forecast(mcp::context& ctx, std::string city);
///
/// A source file that defines such a function includes the headers of the complete types.
namespace mcp {

// mcp/server/
class any_server;
template <class... Collaborators>
class server;
class context;
struct request_view;
class permission;
struct server_info;
struct server_options;
struct call_info;
struct call_end;
struct log_line;
class server_environment;
class message_sink;
enum class reply_status : std::uint16_t;

// mcp/auth/
struct principal;

// mcp/protocol/
enum class revision : std::uint8_t;
enum class log_level : std::uint8_t;
struct content;
struct icon;
struct tool_definition;
struct tool_hints;
struct tool_result;
class tool_error;
struct resource_definition;
struct resource_template_definition;
struct resource_contents;
struct resource_result;
struct prompt_definition;
struct prompt_message;
struct prompt_result;
struct completion_params;
struct completion_result;
struct sampling_request;
struct sampling_result;
struct root;
class protocol_error;

// mcp/session/
struct session_record;

namespace detail {
struct record_change;
} // namespace detail

namespace legacy {
class session;
} // namespace legacy

// mcp/http/
namespace http {
struct client_certificate;
struct local_peer;
struct request;
struct response;
class router;
class path_params;
} // namespace http

// mcp/transport/
class streamable_http;
struct streamable_http_options;
struct stdio_options;

} // namespace mcp
