#pragma once

#include <mcp/http/client_error.hpp>
#include <mcp/http/client_message.hpp>
#include <mcp/http/client_options.hpp>

#include <asio/awaitable.hpp>
#include <asio/this_coro.hpp>

#include <memory>
#include <string>
#include <utility>

namespace mcp::http {

namespace detail {
class client_core;
class exchange;
} // namespace detail

/// A response whose body is read while it comes, as `client::open` gives it.
///
/// Used by one coroutine at a time, on the executor on which it was opened. The connection goes
/// back to the client when the body has ended; it is closed if the stream is destroyed before.
class client_stream {
public:
    explicit client_stream(std::unique_ptr<detail::exchange> of) noexcept;
    client_stream(client_stream&&) noexcept;
    client_stream& operator=(client_stream&&) noexcept;
    ~client_stream();

    /// Status and header fields; the body is empty.
    const client_response& head() const noexcept;

    /// Appends the next bytes of the body to `out`, waiting for them if need be; false at its end.
    ///
    /// Throws `client_error`, among others if nothing comes for `client_timeouts::read`. The stream
    /// and `out` must live until it completes. Cancelling it (Asio, terminal) throws
    /// `operation_aborted` and closes the connection.
    [[nodiscard]] asio::awaitable<bool> read(std::string& out);

    /// Closes the connection. A `read` that waits elsewhere ends with `client_failure::closed`.
    void close() noexcept;

private:
    std::unique_ptr<detail::exchange> exchange_;
};

/// Sends HTTP/1.1 requests over connections that are kept and used again. [RFC 9112]
///
///     mcp::http::client client;
///     auto answer = co_await
///     client.send(mcp::http::client_request("http://localhost:9000/health")); if (answer.ok())
///     use(answer.body);
///
/// - A handle: copies are the same client. Its members may be called from any thread and event
/// loop,
///   many at once; each request lives on the executor of the coroutine that awaits it, resumes
///   there, and uses connections that were made on that loop only. An executor of several threads
///   needs a strand, as always with coroutines.
/// - There are no threads and no tasks of its own: a client may be destroyed at any time, requests
///   that are under way go on. Idle connections are closed with the last handle, or with their
///   loop.
/// - Redirects are not followed: the response says 3xx. A request gets a connection of its own, so
///   there are as many as requests are under way; how many are kept then is an option.
/// - Whoever awaits may be cancelled (Asio, terminal): it throws `operation_aborted`, and the
///   connection is closed. Only the system's look-up of a name goes on: a loop that is destroyed
///   waits for it.
class client {
public:
    explicit client(client_options options = {});

    /// Sends a request and gives the whole response, whatever its status is.
    ///
    /// Throws `client_error` if there is none.
    [[nodiscard]] asio::awaitable<client_response> send(client_request request) const;

    /// The same, and returns when the head of the response is there; the body is read piece by
    /// piece. For server-sent events set `client_timeouts::read` to zero, or to more than their
    /// keep-alive interval.
    [[nodiscard]] asio::awaitable<client_stream> open(client_request request) const;

    /// Closes the connections that are idle now, on all loops.
    void close_idle() const;

private:
    std::shared_ptr<detail::client_core> core_;
};

} // namespace mcp::http

#include <mcp/http/impl/client_exchange.hpp>

namespace mcp::http {

inline client_stream::client_stream(std::unique_ptr<detail::exchange> of) noexcept
    : exchange_(std::move(of)) {}
inline client_stream::client_stream(client_stream&&) noexcept = default;
inline client_stream& client_stream::operator=(client_stream&&) noexcept = default;
inline client_stream::~client_stream() = default;

inline const client_response& client_stream::head() const noexcept {
    return exchange_->response();
}

inline asio::awaitable<bool> client_stream::read(std::string& out) {
    return exchange_->read(out);
}

inline void client_stream::close() noexcept {
    exchange_->close();
}

namespace detail {

inline asio::awaitable<client_response> send(std::shared_ptr<client_core> core,
                                             client_request request) {
    auto executor = co_await asio::this_coro::executor;
    exchange one(core, std::move(request), executor);
    co_await one.start();
    client_response response = one.response();
    bool more = true;
    while (more) {
        more = co_await one.read(response.body);
        if (response.body.size() > core->options.limits.body_bytes)
            one.fail(client_failure::too_large, "the body of the response is too large");
    }
    co_return response;
}

inline asio::awaitable<client_stream> open(std::shared_ptr<client_core> core,
                                           client_request request) {
    auto executor = co_await asio::this_coro::executor;
    auto one = std::make_unique<exchange>(std::move(core), std::move(request), executor);
    co_await one->start();
    one->lift_total();
    co_return client_stream(std::move(one));
}

} // namespace detail

inline client::client(client_options options)
    : core_(std::make_shared<detail::client_core>(std::move(options))) {}

inline asio::awaitable<client_response> client::send(client_request request) const {
    return detail::send(core_, std::move(request));
}

inline asio::awaitable<client_stream> client::open(client_request request) const {
    return detail::open(core_, std::move(request));
}

inline void client::close_idle() const {
    core_->close_idle();
}

} // namespace mcp::http
