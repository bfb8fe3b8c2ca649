// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorizer.hpp>
#include <mcp/config.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/client_channel.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

/// Which transport of HTTP a client uses.
enum class http_kind : std::uint8_t {
    automatic,  ///< Streamable HTTP; HTTP+SSE if the server refuses `initialize`.
    streamable, ///< Streamable HTTP only.
    sse,        ///< HTTP+SSE of 2024-11-05 only; the URL is that of the stream.
};

/// The options of an `http_transport`.
///
///     mcp::http_options options;
///     options.headers = {{"X-Tenant", "acme"}};
///     options.idle_timeout = std::chrono::minutes(2);
struct http_options {
    http_options() = default;

    /// Header fields of every request, such as an API key.
    std::vector<std::pair<std::string, std::string>> headers{};

    /// Gives the requests their `Authorization`; none if null.
    std::shared_ptr<authorizer> authorization{};

    http_kind kind = http_kind::automatic; ///< Which transport of HTTP to use.

    /// The HTTP client to use, perhaps shared with others; then its own options count for TLS and
    /// `User-Agent`.
    std::optional<http::client> client{};

    /// Makes the connections of `https://`. If empty, `http::tls()`, provided that some file of the
    /// program includes <mcp/http/tls.hpp>.
    http::channel_factory tls{};

    std::string user_agent = "asio-mcp"; ///< The User-Agent field; absent if empty.

    /// Until the connection is made; with HTTP+SSE also until the server names its endpoint.
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);

    /// The time during which the server sends no byte of a response; 0 for no limit. The deadlines
    /// of calls are the client's own.
    std::chrono::milliseconds idle_timeout{0};

    /// The largest message of the server: a JSON body, or the data of an event.
    std::size_t message_bytes = 16 * 1024 * 1024;

    /// How often in a row a legacy client reconnects to a stream that has ended too early. An event
    /// begins the count anew.
    unsigned reconnects = 5;

    /// The time before the first reconnect, unless the server sets it (`retry`). It doubles each
    /// time.
    std::chrono::milliseconds reconnect_delay = std::chrono::seconds(1);

    /// The longest time before a reconnect, whatever the server says.
    std::chrono::milliseconds longest_reconnect_delay = std::chrono::seconds(30);

    /// How many redirects of a request (307 and 308, of the same origin) are followed.
    unsigned redirects = 5;
};

} // namespace mcp
