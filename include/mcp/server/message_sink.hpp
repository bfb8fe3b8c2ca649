#pragma once

#include <cstdint>
#include <string>

namespace mcp {

/// How an answer is shown on a transport that has status codes of its own, such as HTTP.
///
/// Only what the protocol refuses at its gate has a status; what a handler answers, errors
/// included, is `ok`. [MCP 2026-07-28 basic/transports/streamable-http]
enum class reply_status : std::uint16_t {
    ok = 200,
    bad_request = 400,
    forbidden = 403,
    not_found = 404,
    unavailable = 503, ///< of something that the server needs; the client may try again
};

/// Where the messages of one request go: the transport's side of it.
///
/// All members may be called from any thread.
class message_sink {
public:
    virtual ~message_sink() = default;

    /// Sends a notification, or on the legacy wire a request, that belongs to the request.
    virtual void send(std::string message) = 0;

    /// Whether `send` reaches the client. If not, it is asked nothing.
    virtual bool reaches_client() const { return true; }

    /// The caller may do what is asked: nothing will refuse the request before its handler runs.
    /// Called at most once, before the first message, and not if the request is refused.
    virtual void admitted() {}

    /// Ends the request with its response; empty if it was cancelled and gets none. Called once.
    virtual void finish(std::string response, reply_status status) = 0;

    /// Lets the client come back later for what follows, where the transport can. [SEP-1699]
    virtual void close_stream() {}
};

} // namespace mcp
