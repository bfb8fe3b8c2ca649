#pragma once

#include <mcp/http/message.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/server/core.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/trusted_proxies.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace mcp {

/// What becomes of a GET for the stream of a session that has one open already, be it in another
/// process. [MCP 2025-11-25 basic/transports]
enum class second_get_policy {
    take_over, ///< It gets the stream, and the one before ends; but see `take_over_pause`.
    reject     ///< It is refused with 409 as long as the one before is open.
};

/// What can be set about an HTTP endpoint.
struct streamable_http_options {
    http_policy policy{}; ///< Host and Origin values that are accepted
    json_limits json{};   ///< of request bodies
    unpaired_surrogates surrogates = unpaired_surrogates::replace; ///< half an emoji in them
    std::size_t batch = 100; ///< messages in one batch [MCP 2025-03-26]
    /// Calls of one session that wait for their handlers, in each process; beyond: 429. A call
    /// whose connection has gone is not counted; as many of those go on, and then the oldest is
    /// cancelled.
    std::size_t calls = 100;
    /// Whether a request that is not refused is answered by an SSE stream even where one JSON body
    /// would do. A client that accepts JSON only gets JSON all the same.
    bool always_stream = false;
    /// How long a handler may be silent before the head of its SSE stream is sent, with keep-alive
    /// comments from then on (`http::limits::keep_alive_interval`): proxies give up on a response
    /// without a byte, and some clients send nothing else meanwhile. What is answered before is one
    /// JSON body. Zero: the head waits for the first message.
    std::chrono::milliseconds stream_after{75};
    /// When a client is to come back to a stream of a server with a replay log.
    std::chrono::milliseconds retry = std::chrono::seconds(1);
    /// With `reject`, a client whose connection has gone gets its stream back only when the server
    /// has noticed; and of two that come at the same moment the later takes over all the same.
    second_get_policy second_get = second_get_policy::take_over;
    /// With `take_over`, the time in which a stream that is open may change hands four times;
    /// further GETs get 409 until it is over. Without this limit, two clients that reconnect
    /// whenever their stream ends would displace each other for ever, while a client whose network
    /// fails a few times is let in. Each process counts for itself. Zero: no limit.
    std::chrono::milliseconds take_over_pause = std::chrono::seconds(10);
    /// The status of a DELETE that has ended a session: `ok`, or `no_content` (204).
    http::status deleted = http::status::ok;
    /// Whether requests of a session without `MCP-Protocol-Version` are refused with 400. Clients
    /// of 2025-03-26 do not send it. [MCP 2025-11-25 basic/transports, protocol version header]
    bool require_protocol_version_header = false;
    /// Whether a POST of a legacy client must accept both JSON and event streams, as the protocol
    /// wants; else 406. If not, one of them is enough, or no Accept header at all. A client of
    /// either era that accepts JSON only gets no notifications and is asked nothing.
    bool strict_accept = true;
    trusted_proxies proxies{}; ///< which tell the addresses by which the rate limiter counts
    /// Count all requests by address, before anything else is asked, so that those count, too, that
    /// are refused; else callers who are known are counted by their subject.
    bool limit_by_address = false;
};

/// The MCP endpoint over HTTP, both eras on one path: a handler to mount in a router.
///
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     mcp::http::server{app, {.port = 8000}}.run();
///
/// Copies share their sessions. The server must outlive them. Any number of threads may call it at
/// once; handlers of tools resume on the executor of the coroutine that called.
/// [MCP 2026-07-28 basic/transports/streamable-http] [MCP 2025-11-25 basic/transports]
///
/// Another HTTP stack calls it with a `http::request` made by hand: the response is whole, or its
/// `stream` is to be read until it ends, and closed if the peer goes.
class streamable_http {
public:
    explicit streamable_http(server_core& server, streamable_http_options options = {});

    asio::awaitable<void> operator()(const http::request& q, http::response& r) const;

private:
    class endpoint;
    std::shared_ptr<endpoint> endpoint_;
};

} // namespace mcp

#include <mcp/transport/impl/http_endpoint.hpp>
