// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwt_algorithm.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Settings of `jwt`.
struct jwt_options {
    std::string issuer{}; ///< signs the tokens: `iss`, compared exactly
    /// The accepted audiences: one of these must be in `aud`, compared exactly. Usually only the
    /// URL of this server's MCP endpoint. [MCP 2026-07-28 basic/authorization]
    std::vector<std::string> audience{};
    /// The accepted algorithms; if empty, all algorithms that the keys fit. [RFC 8725 §3.1]
    std::vector<jwt_algorithm> algorithms{};
    /// The required `typ`, such as `at+jwt` [RFC 9068 §2.1]; not checked if empty. Set it if the
    /// issuer signs other kinds of tokens with the same keys. [RFC 8725 §3.11]
    std::string type{};
    std::chrono::seconds leeway{30};    ///< allowed clock difference, for exp, nbf and iat
    std::size_t token_bytes = 8 * 1024; ///< larger tokens are refused unread
    std::size_t cache_entries = 1024;   ///< good tokens whose signature is not checked again
    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

namespace detail {

/// A token with a valid header; its text is part of the request.
struct jwt_token {
    std::string_view text;
    std::string kid;
    jwt_algorithm algorithm{};
};

/// All checks of `jwt` but the choice of the keys.
class jwt_checks {
public:
    explicit jwt_checks(jwt_options options);
    jwt_checks(jwt_checks&&) noexcept;
    jwt_checks& operator=(jwt_checks&&) noexcept;
    ~jwt_checks();

    result<jwt_token, auth_failure> read(const http::request& request) const;
    auth_result judge(const jwt_token& given, const std::optional<jwks>& keys) const;

private:
    struct state;

    std::unique_ptr<state> state_;
};

} // namespace detail

/// An `auth_backend` for signed tokens: JWS in compact form. [RFC 7519] [RFC 8725] [RFC 9068]
///
///     mcp::jwt auth({.issuer = "https://login.example.com/",
///                    .audience = {"https://weather.example.com/mcp"}},
///                   mcp::jwks_remote("https://login.example.com/.well-known/jwks.json"));
///     mcp::server server{"weather", "1.0", std::move(auth)};
///
/// `Keys` is a `jwt_key_source`. With `jwks`, `authenticate` is sync; with `jwks_remote`, it is
/// awaitable.
///
/// - Refuses text that is not a JWS, and encrypted tokens.
/// - Refuses an `alg` that is `none`, unknown, not allowed, or not for the kind of the key; and any
///   `crit`.
/// - Refuses other issuers, audiences and types, tokens that are expired or not yet valid, and
///   tokens without `exp` or `sub`.
/// - Ignores keys in or referenced by the header (`jwk`, `jku`, `x5c`, `x5u`). Decodes each part
///   strictly: a token has exactly one spelling.
/// - The subject is `sub`; the scopes are those of `scope` and `scp`; `principal::claims` holds all
///   claims.
/// - Good tokens are cached by digest until they expire or the keys change.
///
/// Needs cjose and OpenSSL (CMake: `asio-mcp::jwt`).
template <jwt_key_source Keys>
class jwt {
public:
    /// Throws `std::invalid_argument` without an issuer or an audience: such tokens could be meant
    /// for any server.
    jwt(jwt_options options, Keys keys) : checks_(std::move(options)), keys_(std::move(keys)) {}

    auto authenticate(const http::request& request) const {
        using found = decltype(keys_.keys_for(std::string(), jwt_algorithm()));
        if constexpr (detail::is_awaitable_v<found>)
            return authenticate_later(request);
        else
            return authenticate_now(request);
    }

    /// Returns the health of the key source, if it reports health.
    health_state health() const
        requires reports_health<const Keys>
    {
        return keys_.health();
    }

private:
    auth_result authenticate_now(const http::request& request) const {
        const auto given = checks_.read(request);
        if (!given)
            return given.error();
        return checks_.judge(*given, keys_.keys_for(given->kid, given->algorithm));
    }

    asio::awaitable<auth_result> authenticate_later(const http::request& request) const {
        const auto given = checks_.read(request);
        if (!given)
            co_return given.error();
        const std::optional<jwks> keys = co_await keys_.keys_for(given->kid, given->algorithm);
        co_return checks_.judge(*given, keys);
    }

    detail::jwt_checks checks_;
    Keys keys_;
};

static_assert(auth_backend<jwt<jwks>>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwt.ipp>
#endif
