// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_channel.hpp>

#include <asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace mcp::http {

/// The timeouts of a `client`; zero means no limit.
struct client_timeouts {
    /// Until the name is resolved, the connection made and the TLS handshake done.
    std::chrono::milliseconds connect = std::chrono::seconds(10);
    /// The time during which the server neither accepts nor sends a byte.
    std::chrono::milliseconds read = std::chrono::seconds(30);
    /// For the complete request; with `client::open`, until the head of the response has arrived.
    std::chrono::milliseconds total = std::chrono::seconds(60);
};

/// The limits on one response.
struct client_limits {
    std::size_t head_bytes = 16 * 1024;       ///< Status line and fields.
    std::size_t fields = 100;                 ///< Header fields.
    std::size_t body_bytes = 4 * 1024 * 1024; ///< For `client::send`; a stream has no limit.
};

/// The options of a `client`.
struct client_options {
    client_timeouts timeouts{}; ///< A request may override them.
    client_limits limits{};     ///< On each response.

    /// Makes the connections of `https://`: `mcp::http::tls()` of <mcp/http/tls.hpp>, which needs
    /// OpenSSL. Without it an https URL is an error.
    channel_factory tls{};

    /// The number of idle connections to one origin that are kept for reuse, on each event loop.
    /// With 0 none is kept.
    std::size_t idle_per_origin = 8;
    /// The same for all origins together.
    std::size_t idle_total = 64;
    /// How long an idle connection may be reused. It closes when the event loop next looks for a
    /// connection.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);

    /// Returns whether the client may connect to an address. Called after name resolution; if
    /// empty, all addresses are allowed. Use it for URLs from outside, so that they cannot reach
    /// internal hosts.
    std::function<bool(const asio::ip::address&)> allow{};

    std::string user_agent = "asio-mcp"; ///< The User-Agent field; absent if empty.

    /// The clock that measures the age of idle connections; replaceable for tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

} // namespace mcp::http
