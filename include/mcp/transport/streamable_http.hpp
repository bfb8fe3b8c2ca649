// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/status.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/transport/http_policy.hpp>
#include <mcp/transport/trusted_proxies.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace mcp {

/// Treatment of a GET for the stream of a session that has an open stream already, also in another
/// process. [MCP 2025-11-25 basic/transports]
enum class second_get_policy {
    take_over, ///< The GET gets the stream, and the older one ends; but see `take_over_pause`.
    reject     ///< The GET is refused with 409 while the older stream is open.
};

/// The sessions of legacy clients at an HTTP endpoint. [MCP 2025-11-25 basic/transports, sessions]
enum class session_policy {
    /// `initialize` begins a session. A request without `Mcp-Session-Id` is answered by itself; see
    /// `streamable_http`.
    offered,
    required, ///< A request without `Mcp-Session-Id` is refused with 400, except `initialize`.
    none      ///< `initialize` begins no session. GET and DELETE are refused with 405.
};

/// Never begins a session, so that any process can answer any request, without a store:
/// `streamable_http_options{.sessions = mcp::no_sessions}`.
inline constexpr auto no_sessions = session_policy::none;

/// Serves legacy clients only in sessions.
inline constexpr auto require_sessions = session_policy::required;

/// The settings of an HTTP endpoint. The endpoint copies them when it is constructed, so set all
/// before it serves; a later change has no effect.
struct streamable_http_options {
    http_policy policy{}; ///< accepted Host and Origin values
    json_limits json{};   ///< of request bodies
    unpaired_surrogates surrogates = unpaired_surrogates::replace; ///< such as half an emoji
    session_policy sessions = session_policy::offered;             ///< of legacy clients
    std::size_t batch = 100; ///< messages in one batch [MCP 2025-03-26]
    /// Calls of one session, in each process, that wait for their handlers. Beyond that, requests
    /// get 429. A call whose connection has gone is not counted. The same number of such calls may
    /// go on; beyond that, the oldest is cancelled.
    std::size_t calls = 100;
    /// Listen streams of one caller in each process: of one subject, or of one address if requests
    /// are not authenticated (see `proxies`). Beyond that, a `subscriptions/listen` gets 429.
    std::size_t listen_streams = SIZE_MAX;
    /// Answers each accepted request by an SSE stream, even if one JSON body would be enough. A
    /// client that accepts only JSON still gets JSON.
    bool always_stream = false;
    /// Shows a page to a person who opens the endpoint in a browser: the name of the server, and
    /// how clients connect. It needs no authentication and names no tools.
    bool page = true;
    /// Time that a handler may be silent before the head of its SSE stream is sent. Keep-alive
    /// comments follow (`http::limits::keep_alive_interval`): proxies give up on a response without
    /// a byte, and some clients send nothing else meanwhile. An earlier response is one JSON body.
    /// Zero: the head waits for the first message.
    std::chrono::milliseconds stream_after{75};
    /// Time after which a client reconnects to a stream of a server with a replay log.
    std::chrono::milliseconds retry = std::chrono::seconds(1);
    /// Treatment of a second GET for the stream of a session. With `reject`, a client whose
    /// connection has gone gets its stream back only when the server has noticed. Of two concurrent
    /// GETs the later takes over in any case.
    second_get_policy second_get = second_get_policy::take_over;
    /// With `take_over`, the time in which a stream that is open may change hands four times;
    /// further GETs get 409 until it is over. Without this limit, two clients that reconnect
    /// whenever their stream ends would displace each other for ever, while a client whose network
    /// fails a few times is let in. Each process counts for itself. Zero: no limit.
    std::chrono::milliseconds take_over_pause = std::chrono::seconds(10);
    /// The status of a DELETE that has ended a session: `ok`, or `no_content` (204).
    http::status deleted = http::status::ok;
    /// Refuses requests of a session without `MCP-Protocol-Version` with 400. Clients of 2025-03-26
    /// do not send it. [MCP 2025-11-25 basic/transports, protocol version header]
    bool require_protocol_version_header = false;
    /// Requires that a POST of a legacy client accepts both JSON and event streams, as the protocol
    /// demands; otherwise it gets 406. If false, one of them is enough, or no Accept header at all.
    /// A client of either era that accepts only JSON gets no notifications and no questions.
    bool strict_accept = true;
    /// The beginning of the path of public URLs that a proxy removes, such as `/tools`; for the
    /// path that `http_sse` tells its clients.
    std::string removed_prefix{};
    trusted_proxies proxies{}; ///< source of the addresses that the rate limiter counts
    /// Counts all requests by address, before any other check, so that refused requests count too.
    /// If false, authenticated requests are counted by the subject of their principal.
    bool limit_by_address = false;
};

/// The MCP endpoint over HTTP, both eras on one path: a handler to mount in a router.
///
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     mcp::http::server{app, {.port = 8000}}.run();
///
/// Legacy clients may call without `initialize`, as `curl` does. The request has the revision of
/// its `MCP-Protocol-Version`, or 2025-03-26. Its handler cannot ask the client, and subscriptions
/// and batches need a session.
///
/// Copies share their sessions. The server must outlive them. Any number of threads may call it at
/// once. Handlers of tools resume on the executor of the calling coroutine.
/// [MCP 2026-07-28 basic/transports/streamable-http] [MCP 2025-11-25 basic/transports]
///
/// Another HTTP stack calls it with its own `http::request`. Then the response is complete, or its
/// `stream` must be read until it ends, and closed if the peer goes.
class streamable_http {
public:
    explicit streamable_http(any_server& server, streamable_http_options options = {});

    /// Answers a request. Both arguments must live until it has completed.
    asio::awaitable<void> operator()(const http::request& q, http::response& r) const;

private:
    class endpoint;
    std::shared_ptr<endpoint> endpoint_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/streamable_http.ipp>
#endif
