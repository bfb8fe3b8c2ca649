// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Where a transport delivers the messages of the server. `mcp::client` implements it, and is
/// called on its executor.
class message_receiver {
public:
    /// Takes one JSON-RPC message, or a batch, as text.
    virtual void receive(std::string message) = 0;

    /// The connection has ended: no further message comes. All requests under way fail with `why`,
    /// a `transport_error`.
    virtual void closed(std::exception_ptr why) = 0;

protected:
    ~message_receiver() = default;
};

/// The messages that belong to one request: its response, and what the server sends before it.
class request_receiver {
public:
    virtual void receive(std::string message) = 0;

    /// Returns whether the response has been received, or is no longer awaited.
    virtual bool done() const noexcept = 0;

protected:
    ~request_receiver() = default;
};

/// A request as a transport sends it. The references are valid until `send` completes.
struct outgoing_request {
    outgoing_request() {}

    std::string_view method;
    /// The complete JSON-RPC message.
    std::string body;
    /// The revision under which it is sent. `server/discover` and `initialize` are sent under the
    /// revision that the client asks for.
    mcp::revision revision = latest;
    /// The value of `Mcp-Name`, not encoded; empty for none. Modern HTTP only.
    std::string name{};
    /// The names and values of `Mcp-Param-…`, not encoded. Modern HTTP only.
    std::vector<std::pair<std::string, std::string>> parameters{};
    /// The time until the first byte of the response; zero for no limit. The client itself ends
    /// calls that take too long, by cancelling `send`.
    std::chrono::milliseconds timeout{0};
};

/// What may follow when `client_transport::send` has completed.
enum class send_result : std::uint8_t {
    complete, ///< All messages of the request have been delivered.
    later,    ///< The response comes through the `message_receiver` of the connection.
};

/// The connection of a client to one server, over any channel.
///
/// All members run on one serial executor, that of the client. Many requests may be under way at
/// once. Failures are `transport_error`. Cancellation (Asio, terminal) of `send` ends that
/// exchange only; over HTTP it closes the response stream. The client sends
/// `notifications/cancelled` where the revision wants it.
class client_transport {
public:
    client_transport() = default;
    client_transport(const client_transport&) = delete;
    client_transport& operator=(const client_transport&) = delete;
    virtual ~client_transport() = default;

    /// Makes the transport ready: starts a process, or the coroutine that reads a connection. HTTP
    /// connects with the first request. `to` outlives the transport. Called once, and perhaps again
    /// after the connection has ended; throws `not_connected` if it cannot be made again.
    virtual asio::awaitable<void> open(message_receiver& to) = 0;

    /// Sends a request. `to` gets the messages that belong to it, until `send` completes; after
    /// `send_result::later` the response and all else come through `open`'s receiver.
    ///
    /// Throws `transport_error`. A status of HTTP that is no success throws `http_status`, unless
    /// the body is a JSON-RPC response, which is delivered.
    virtual asio::awaitable<send_result> send(outgoing_request request, request_receiver& to) = 0;

    /// Sends a notification, or the response to a request of the server.
    virtual asio::awaitable<void> notify(std::string message, mcp::revision revision) = 0;

    /// Says which revision both sides have agreed on, before the first request under it. A legacy
    /// HTTP transport opens its GET stream for messages of the server now, if `listen`.
    virtual void agreed(mcp::revision revision, bool listen) = 0;

    /// Ends the connection politely: DELETE of a session, end of input of a process. It has an end
    /// of its own, within seconds. The destructor ends it at once.
    virtual asio::awaitable<void> close() = 0;

    /// Whether each request has a response stream of its own, as over HTTP. Closing it cancels a
    /// modern request; elsewhere `notifications/cancelled` does.
    virtual bool has_streams() const noexcept = 0;

    /// Names the server in texts of errors: a URL without its query, or the program.
    virtual std::string name() const = 0;

    /// Identifies the server among all, such as by its URL. It is not shown. Empty if nothing does:
    /// clients share no responses of it then.
    virtual std::string identity() const { return {}; }
};

} // namespace mcp
