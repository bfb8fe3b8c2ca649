// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace mcp {

/// Why a request of a client got no JSON-RPC response.
enum class transport_failure : std::uint8_t {
    not_connected, ///< There is no connection: the server cannot be reached, or has not been started.
    closed,        ///< The connection ended before the response came.
    timeout,       ///< The response did not come in time.
    bad_message,   ///< The server has sent something that is not valid in MCP.
    too_large,     ///< A message exceeds a limit of the client.
    http_status,   ///< HTTP refused the request; see `status()`.
    unauthorized,  ///< The server wants authorization that the client does not have.
    session_ended, ///< The legacy session is unknown to the server; connect again.
};

/// An exception of `mcp::client` for a request that got no JSON-RPC response. A response with an
/// error is a `protocol_error`, and a tool that fails is a `tool_error`.
///
/// `what()` is a sentence that names the server and the request, and says what was wrong. It
/// contains no secret: no header value, no query, and of a body only the first line with which HTTP
/// refused the request.
class transport_error : public std::runtime_error {
public:
    transport_error(transport_failure reason, const std::string& description, int status = 0)
        : std::runtime_error(description)
        , why_(reason)
        , status_(status) {}

    transport_failure why() const noexcept { return why_; }

    /// Returns the status of the HTTP response; 0 if there was none.
    int status() const noexcept { return status_; }

private:
    transport_failure why_;
    int status_;
};

} // namespace mcp
