// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>
#include <mcp/http/message.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string_view>

namespace mcp {

namespace http {
class router;
struct cors_options;
} // namespace http

/// The HTTP+SSE transport, for clients of 2024-11-05, which do not know `streamable_http`. Both may
/// serve one server beside each other:
///
///     mcp::http::router app;
///     app.mount("/mcp", mcp::streamable_http{server});
///     mcp::http_sse{server}.add_to(app, "/mcp"); // GET /mcp/sse, POST /mcp/messages
///
/// A GET opens the stream. Its first event, `endpoint`, has the path for messages, with the id of
/// the session. A POST to that path brings one message and gets 202; the response is an event of
/// the stream. The POST may arrive at another process than the GET if both share a broker. A client
/// that lost its stream comes back with `Last-Event-ID`, as `EventSource` does by itself, and goes
/// on without `initialize`: the session store keeps the session, in any process. Messages of the
/// server that were sent meanwhile are lost.
///
/// Requests have the principal of the GET; a POST by another subject gets 404, as for an unknown
/// session. Of the options, `sessions`, `stream_after`, `second_get` and those below it have no
/// effect. Copies share their state. The server must outlive them. Any number of threads may call
/// it at once. [MCP 2024-11-05 basic/transports]
class http_sse {
public:
    explicit http_sse(any_server& server, streamable_http_options options = {});

    /// Adds the two routes, `base` + `/sse` and `base` + `/messages`. `base` may have parameters.
    void add_to(http::router& app, std::string_view base) const;

    /// The same, for pages of other origins too.
    void add_to(http::router& app, std::string_view base, const http::cors_options& pages) const;

    /// Answers a request: a GET opens a stream, a POST brings a message. The path for messages is
    /// `messages` in place of the last segment of the path of the GET. Both arguments must live
    /// until it has completed.
    asio::awaitable<void> operator()(const http::request& q, http::response& r) const;

private:
    class endpoint;
    std::shared_ptr<const endpoint> endpoint_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/legacy/impl/http_sse.ipp>
#endif
