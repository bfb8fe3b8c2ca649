#pragma once

#include <mcp/http/client_channel.hpp>

#include <asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace mcp::http {

/// How long a `client` waits before it gives up; zero is for ever.
struct client_timeouts {
    /// Until the host's address is found, the connection made, and TLS agreed upon.
    std::chrono::milliseconds connect = std::chrono::seconds(10);
    /// While the server neither takes nor sends a byte.
    std::chrono::milliseconds read = std::chrono::seconds(30);
    /// For all of it together; with `client::open`, until the head of the response is there.
    std::chrono::milliseconds total = std::chrono::seconds(60);
};

/// What one response may cost.
struct client_limits {
    std::size_t head_bytes = 16 * 1024;       ///< Status line and fields.
    std::size_t fields = 100;                 ///< Header fields.
    std::size_t body_bytes = 4 * 1024 * 1024; ///< With `client::send`; a stream has no limit.
};

/// Settings of a `client`.
struct client_options {
    client_timeouts timeouts{}; ///< A request can have others.
    client_limits limits{};

    /// What makes connections to `https://`: `mcp::http::tls()` of <mcp/http/tls.hpp>, which needs
    /// OpenSSL. Without it such a URL is an error.
    channel_factory tls{};

    /// Idle connections that are kept for the next request, on each event loop. None: `per_origin`
    /// or `total` 0.
    std::size_t idle_per_origin = 8;
    std::size_t idle_total = 64;
    /// For how long they are used again; they are closed when the loop is next asked for one.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);

    /// The addresses that may be connected to, asked after names are resolved; all if empty. For
    /// URLs that come from outside, so that they reach nothing inside.
    std::function<bool(const asio::ip::address&)> allow{};

    std::string user_agent = "asio-mcp"; ///< The User-Agent field; none if empty.

    /// The clock by which idle connections age, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

} // namespace mcp::http
