// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/result.hpp>

#include <string>
#include <utility>

namespace mcp {

/// A notification that cancels a request [MCP 2026-07-28 basic/patterns/cancellation]. Over modern
/// HTTP a client closes the response stream instead.
struct cancellation {
    cancellation() = default;
    explicit cancellation(jsonrpc::id request_, std::string reason_ = {})
        : request{std::move(request_)}
        , reason{std::move(reason_)} {}

    jsonrpc::id request;
    /// A text for logs and users; empty if there is none.
    std::string reason;

    friend bool operator==(const cancellation&, const cancellation&) = default;
};

/// Appends the complete notification.
void write_cancelled(std::string& out, const cancellation& what);

/// Reads the params of `notifications/cancelled`. The receiver ignores malformed params and unknown
/// ids.
result<cancellation, decode_error> read_cancelled(json_view params);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/cancellation.ipp>
#endif
