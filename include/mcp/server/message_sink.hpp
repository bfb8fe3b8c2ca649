// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <string>

namespace mcp {

/// The status of a response on a transport that has status codes, such as HTTP.
///
/// Only a refusal by the protocol has an error status. A handler's response is `ok`, also if it is
/// an error. [MCP 2026-07-28 basic/transports/streamable-http]
enum class reply_status : std::uint16_t {
    ok = 200,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
    too_many_requests = 429, ///< a limit is reached; the client may try again
    unavailable = 503,       ///< a collaborator is unavailable; the client may try again
};

/// Sends the messages of one request; a transport implements it.
///
/// All members may be called from any thread.
class message_sink {
public:
    virtual ~message_sink() = default;

    /// Sends a notification that belongs to the request, or on the legacy wire a request.
    virtual void send(std::string message) = 0;

    /// Returns whether `send` reaches the client. If it does not, the client is asked no questions.
    virtual bool reaches_client() const { return true; }

    /// Says that the request passed its permission checks. Called at most once, before the first
    /// message, and not if the request is refused.
    virtual void admitted() {}

    /// Ends the request with its response; empty if the request was cancelled. Called once.
    virtual void finish(std::string response, reply_status status) = 0;

    /// Ends the stream, where the transport can; the client fetches the rest later. [SEP-1699]
    virtual void close_stream() {}
};

} // namespace mcp
