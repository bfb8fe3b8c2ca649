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
#include <mcp/async/impl/sigpipe.ipp>
#include <mcp/async/impl/suspended.ipp>
#include <mcp/sse/impl/event.ipp>
#include <mcp/sse/impl/parser.ipp>
