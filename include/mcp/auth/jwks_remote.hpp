// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwks_fetch.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp {

/// Settings of `jwks_remote`.
struct jwks_remote_options {
    /// Age at which keys are fetched again. A withdrawn key is accepted that long.
    std::chrono::seconds ttl = std::chrono::minutes(10);
    /// Minimum time between two fetches, so that tokens with invented key names cannot overload the
    /// endpoint.
    std::chrono::seconds pause{30};
    /// How long old keys are used while the endpoint does not respond.
    std::chrono::seconds keep = std::chrono::hours(24);
    /// Receives a sentence for a log when a fetch has failed. Called on any thread.
    std::function<void(const std::string&)> on_failure{};
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// Fetches the text of a JWK Set: `fetch(url)`, which throws on failure. It runs on the event loop
/// of some request and must complete eventually. An optional `check(url)` throws
/// `std::invalid_argument` if the fetcher does not accept the URL.
template <class F>
concept jwks_fetcher = requires(const F& fetch, std::string url) {
    { fetch(url) } -> std::same_as<asio::awaitable<std::string>>;
};

namespace detail {

/// The keys of an issuer, and the fetch under way. A handle.
class remote_keys {
public:
    using fetcher = std::function<asio::awaitable<std::string>(const std::string& url)>;

    remote_keys(std::string url, fetcher fetch, jwks_remote_options options);

    asio::awaitable<std::optional<jwks>> find(std::string kid, jwt_algorithm algorithm) const;
    health_state health() const;

private:
    struct state;

    std::shared_ptr<state> state_;
};

} // namespace detail

/// A `jwt_key_source` for the keys that an issuer publishes and rotates. [RFC 7517 §5]
///
///     mcp::http::client_options https;
///     https.tls = mcp::http::tls();
///     mcp::jwks_remote keys("https://login.example.com/.well-known/jwks.json",
///                           mcp::jwks_fetch(mcp::http::client(https)));
///
/// - Keys are fetched for the first token, when they are older than `ttl`, and when a token names
///   an unknown key, but at most once in `pause`. A request in the last quarter of `ttl` starts a
///   fetch and does not wait for it.
/// - Only one fetch runs at a time. Requests that need it wait, on any event loop, and can be
///   cancelled; others use the present keys. The fetch runs on the event loop of the request that
///   started it, and continues without that request.
/// - While the endpoint does not respond, or sends no JWK Set, old keys are used for up to `keep`.
///   A request that needs other keys is told that they cannot be reached.
///
/// A handle: copies share the keys. If the text of the keys is unchanged, the set stays the same,
/// so the cache of `jwt` stays valid.
template <jwks_fetcher Fetch = jwks_fetch>
class jwks_remote {
public:
    /// Throws `std::invalid_argument` if the fetcher does not accept the URL.
    explicit jwks_remote(std::string url, Fetch fetch = Fetch{}, jwks_remote_options options = {})
        : keys_(checked(std::as_const(fetch), std::move(url)), fetcher(std::move(fetch)),
                std::move(options)) {}

    [[nodiscard]] asio::awaitable<std::optional<jwks>> keys_for(std::string kid,
                                                                jwt_algorithm algorithm) const {
        return keys_.find(std::move(kid), algorithm);
    }

    /// Reports a failure while the last fetch has failed.
    health_state health() const { return keys_.health(); }

private:
    static std::string checked(const Fetch& fetch, std::string url) {
        if constexpr (requires { fetch.check(url); })
            fetch.check(url);
        return url;
    }

    static detail::remote_keys::fetcher fetcher(Fetch fetch) {
        return [f = std::make_shared<const Fetch>(std::move(fetch))](const std::string& url) {
            return (*f)(url);
        };
    }

    detail::remote_keys keys_;
};

static_assert(jwt_key_source<jwks_remote<>>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwks_remote.ipp>
#endif
