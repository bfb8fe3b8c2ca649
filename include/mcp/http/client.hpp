// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/client_error.hpp>
#include <mcp/http/client_message.hpp>
#include <mcp/http/client_options.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string>

namespace mcp::http {

namespace detail {
class client_core;
class exchange;
} // namespace detail

/// A response whose body is read while it arrives; returned by `client::open`.
///
/// One coroutine at a time uses it, on the executor on which it was opened. The connection returns
/// to the client when the body has ended. If the stream is destroyed before, the connection closes.
class client_stream {
public:
    explicit client_stream(std::unique_ptr<detail::exchange> exchange) noexcept;
    client_stream(client_stream&&) noexcept;
    client_stream& operator=(client_stream&&) noexcept;
    ~client_stream();

    /// Returns the status and the header fields; the body is empty.
    const client_response& head() const noexcept;

    /// Waits for the next bytes of the body and appends them to `out`; false at the end of the
    /// body.
    ///
    /// Throws `client_error`, for example if no byte arrives within `client_timeouts::read`. The
    /// stream and `out` must live until it completes. Cancellation (Asio, terminal) throws
    /// `operation_aborted` and closes the connection.
    [[nodiscard]] asio::awaitable<bool> read(std::string& out);

    /// Skips what has arrived of the body, without waiting. Returns whether that was its end: then
    /// the connection has returned to the client.
    bool skip_arrived();

    /// Closes the connection. A pending `read` ends with `client_failure::closed`.
    void close() noexcept;

private:
    std::unique_ptr<detail::exchange> exchange_;
};

/// An HTTP/1.1 client that keeps connections and reuses them. [RFC 9112]
///
///     mcp::http::client client;
///     mcp::http::client_request request("http://localhost:9000/health");
///     auto response = co_await client.send(std::move(request));
///     if (response.ok())
///         use(response.body);
///
/// - It is a handle: copies are the same client. Any thread and event loop may call its members,
///   many at once. Each request uses the executor of the awaiting coroutine, resumes there, and
///   uses connections of that event loop only. An executor with several threads needs a strand, as
///   always with coroutines.
/// - It has no threads or tasks of its own. It may be destroyed at any time; requests under way
///   continue. Idle connections close with the last handle, or with their event loop.
/// - It does not follow redirects: the response has status 3xx. Each request under way uses a
///   connection of its own; the options limit how many are kept afterwards.
/// - Cancellation of an awaiting coroutine (Asio, terminal) throws `operation_aborted` and closes
///   the connection. Only the name lookup of the system continues: the destructor of an event loop
///   waits for it.
class client {
public:
    explicit client(client_options options = {});

    /// Sends a request and returns the complete response, whatever its status.
    ///
    /// Throws `client_error` if there is no response.
    [[nodiscard]] asio::awaitable<client_response> send(client_request request) const;

    /// Sends a request and returns when the head of the response has arrived; the caller reads the
    /// body piece by piece. For server-sent events set `client_timeouts::read` to zero, or to more
    /// than their keep-alive interval.
    [[nodiscard]] asio::awaitable<client_stream> open(client_request request) const;

    /// Closes the connections that are idle now, on all event loops.
    void close_idle() const;

private:
    std::shared_ptr<detail::client_core> core_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/client.ipp>
#endif
