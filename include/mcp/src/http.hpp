// SPDX-License-Identifier: MIT
#pragma once

/// The function bodies of the folders async, sse, http, for the compiled form.
/// One source file of the program includes this header.

#ifndef MCP_SEPARATE_COMPILATION
#error "define MCP_SEPARATE_COMPILATION in all files of the program"
#endif

#include <mcp/async/impl/invoke.ipp>
#include <mcp/async/impl/lazy_pool.ipp>
#include <mcp/async/impl/mailbox.ipp>
#include <mcp/async/impl/offload.ipp>
#include <mcp/async/impl/resumption_queue.ipp>
#include <mcp/async/impl/shutdown_watch.ipp>
#include <mcp/async/impl/sigpipe.ipp>
#include <mcp/async/impl/sleep_for.ipp>
#include <mcp/async/impl/stop_signals.ipp>
#include <mcp/async/impl/suspended.ipp>
#include <mcp/async/impl/systemd.ipp>
#include <mcp/http/impl/chunked.ipp>
#include <mcp/http/impl/client.ipp>
#include <mcp/http/impl/client_channel.ipp>
#include <mcp/http/impl/client_error.ipp>
#include <mcp/http/impl/client_message.ipp>
#include <mcp/http/impl/client_parser.ipp>
#include <mcp/http/impl/connection.ipp>
#include <mcp/http/impl/cors.ipp>
#include <mcp/http/impl/foreign_call.ipp>
#include <mcp/http/impl/head.ipp>
#include <mcp/http/impl/media_type.ipp>
#include <mcp/http/impl/message.ipp>
#include <mcp/http/impl/parse.ipp>
#include <mcp/http/impl/router.ipp>
#include <mcp/http/impl/server.ipp>
#include <mcp/http/impl/shard.ipp>
#include <mcp/http/impl/taken_connection.ipp>
#include <mcp/http/impl/url.ipp>
#include <mcp/http/impl/write.ipp>
#include <mcp/sse/impl/event.ipp>
#include <mcp/sse/impl/parser.ipp>
