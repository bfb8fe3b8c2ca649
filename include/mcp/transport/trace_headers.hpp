// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

namespace mcp {

struct trace_context;

namespace http {
class fields;
} // namespace http

/// Returns the trace context in the headers of a request, as views into them. A repeated
/// `traceparent` or `tracestate` is ignored. [W3C Trace Context §3.2, §3.3]
trace_context read_trace_headers(const http::fields& headers) noexcept;

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/trace_headers.ipp>
#endif
