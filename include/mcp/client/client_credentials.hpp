// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorizer.hpp>
#include <mcp/config.hpp>
#include <mcp/http/client_options.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace mcp {

/// The options of `client_credentials`.
struct client_credentials_options {
    std::string client_id{}; ///< of the program at the authorization server
    std::string
        client_secret{}; ///< sent by HTTP Basic, or in the form where only that is supported

    /// The issuer that has given them. With another one no token is asked for. If empty, the one
    /// that the server names first.
    std::string issuer{};

    /// Scopes to ask for besides those that the server names, separated by spaces.
    std::string scope{};
    /// How long before its end a token is replaced: at most a quarter of its life.
    std::chrono::seconds early{30};

    /// Makes the `client_assertion` for an issuer, in place of a secret: a JWT of [RFC 7523 §2.2].
    /// `client_credentials_jwt` has one.
    std::function<std::string(const std::string& issuer)> assertion{};

    /// Whether authorization servers may be at private addresses, and on this machine.
    bool private_addresses = false;
    http::client_options http{}; ///< for https, set `tls`; `allow` replaces the check of addresses

    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// An `authorizer` for programs without a user: the program itself is authorized. [RFC 6749 §4.4]
///
///     mcp::client_credentials access({.client_id = "nightly", .client_secret = "secret"});
///
/// A response of 401 makes it find the authorization server, as `mcp::oauth` does, and get a token
/// there. Concurrent requests wait for one token. A response of 403 that names missing scopes gets
/// a token with these scopes too, once. Tokens are kept in memory. One object may authorize several
/// clients; all of them run on one executor.
class client_credentials : public authorizer {
public:
    explicit client_credentials(client_credentials_options options);

    asio::awaitable<std::string> authorization(std::string url) override;
    asio::awaitable<bool> challenged(authorization_challenge challenge) override;

private:
    struct core;

    std::shared_ptr<core> core_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/client_credentials.ipp>
#endif
