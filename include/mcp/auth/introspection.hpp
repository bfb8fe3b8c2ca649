// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace mcp::http {
class client; // <mcp/http/client.hpp>
} // namespace mcp::http

namespace mcp {

/// Settings of `introspection`.
struct introspection_options {
    /// The URL of the introspection endpoint. It receives tokens and the secret, so it must be
    /// https, unless it is on this machine.
    std::string endpoint{};
    std::string client_id{}; ///< the identifier of this server at the endpoint [RFC 6749 §2.3.1]
    std::string client_secret{}; ///< the password of this server

    /// Must be one of the audiences of the token, compared exactly. If empty, the audience is not
    /// checked, so tokens for other servers are accepted as well.
    std::string audience{};
    std::string issuer{}; ///< required issuer; not checked if empty

    std::chrono::seconds leeway{30};            ///< allowed clock difference, for exp and nbf
    std::chrono::milliseconds timeout{10'000};  ///< for one introspection request
    std::chrono::seconds cache_time{60};        ///< how long a good token is not checked again
    std::chrono::seconds refused_cache_time{5}; ///< the same for refused tokens
    std::size_t cache_entries = 10'000;         ///< for good tokens, and as many for refused ones

    /// Receives a sentence for a log when the endpoint gave no result. Called on any thread.
    std::function<void(const std::string&)> on_failure{};

    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// An `auth_backend` that asks the authorization server about each token. [RFC 7662]
///
///     mcp::introspection auth({.endpoint = "https://login.example.com/introspect",
///                              .client_id = "weather", .client_secret = std::getenv("SECRET"),
///                              .audience = "https://weather.example.com/mcp"},
///                             mcp::http::client{{.tls = mcp::http::tls()}});
///     mcp::server server{"weather", "1.0", auth};
///
/// - A token is accepted if it is an `active` bearer token, the time is between `nbf` and `exp`,
///   and issuer and audience are as configured. The subject is `sub`, or `client_id` if the client
///   acts for itself. The scopes are those of `scope`; the claims are all members.
/// - A result is cached until the token expires, but at most for `cache_time`: a revoked token may
///   be used that long. Tokens are kept as SHA-256 digests.
/// - Of concurrent requests with the same token, one asks the endpoint and the others wait, on any
///   event loop.
/// - If the endpoint gives no result, the failure is `unavailable`, and the next request asks
///   again.
///
/// A handle: copies share the cache.
class introspection {
public:
    /// Throws `std::invalid_argument` if the endpoint is neither an https URL nor on this machine.
    explicit introspection(introspection_options options);
    introspection(introspection_options options, http::client client);

    asio::awaitable<auth_result> authenticate(const http::request& request) const;

private:
    struct core;

    std::shared_ptr<core> core_;
};

static_assert(auth_backend<introspection>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/introspection.ipp>
#endif
