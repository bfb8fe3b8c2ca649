// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorizer.hpp>
#include <mcp/client/token_store.hpp>
#include <mcp/client/user_agent.hpp>
#include <mcp/config.hpp>
#include <mcp/http/client_options.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mcp {

/// The options of `oauth`.
struct oauth_options {
    std::string name = "MCP client"; ///< that the user reads at the authorization server
    std::string website{};           ///< the URL of the program
    std::string software_id{};       ///< the same for all installations of the program
    std::string software_version{};  ///< of the program

    std::string client_id{};     ///< with which the client is registered by hand
    std::string client_secret{}; ///< of this id; empty if it has none
    /// The issuer that has given this id. With another one the authorization fails. If empty, the
    /// first one that the server names.
    std::string issuer{};

    /// The https URL of the metadata document of the client, which is its id at servers that
    /// support such documents.
    std::string client_document{};

    /// Whether the client may register itself.
    bool registration = true;

    /// Scopes to ask for besides those that the server names, separated by spaces.
    std::string scope{};
    /// Whether to ask for a refresh token by the scope `offline_access`, where it is supported.
    bool offline = true;

    /// How often the user is asked for the same scopes within five minutes.
    std::size_t attempts = 3;
    /// How long before its end an access token is refreshed: at most a quarter of its life.
    std::chrono::seconds early{30};

    /// Whether authorization servers may be at private addresses, and on this machine.
    bool private_addresses = false;
    /// Whether the authorization server is trusted to check `code_challenge` though its metadata
    /// does not say so. The specification forbids that.
    bool assume_pkce = false;

    http::client_options http{}; ///< for https, set `tls`; `allow` replaces the check of addresses

    /// Takes the user to the authorization server; a `loopback_redirect` if null.
    std::shared_ptr<user_agent> agent{};

    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// An `authorizer` that lets the user authorize the program by OAuth 2.1. [MCP 2026-07-28
/// authorization]
///
///     auto login = std::make_shared<mcp::oauth>(mcp::oauth_options{.name = "desk"},
///                                               mcp::file_tokens("tokens.json"));
///
/// A response of 401 starts an authorization: the metadata of the resource and of its authorization
/// server are read, the client gets an id (that of the options, its document, or by registration),
/// and the user is taken to the page of the authorization server. The code is exchanged for tokens
/// with PKCE and `resource`. Tokens are refreshed before they end. A response of 403 that names
/// missing scopes starts an authorization for them besides those of before.
///
/// - Concurrent requests wait for one refresh, or for one authorization; its failure is that of all
///   of them. Cancelling the request that leads it ends it, and another request takes over.
/// - All that an authorization server has given goes to that server only. If the MCP server names
///   another one, the client starts anew there.
/// - Servers of 2025-03-26 without metadata are their own authorization servers.
/// - One object may authorize several clients and servers. All of them run on one executor.
class oauth : public authorizer {
public:
    /// Throws `std::invalid_argument` if `client_document` is not an https URL with a path.
    explicit oauth(oauth_options options = {}) : oauth(std::move(options), memory_tokens()) {}

    template <token_store Store>
    oauth(oauth_options options, Store store)
        : oauth(std::move(options), detail::any_token_store(std::move(store))) {}

    asio::awaitable<std::string> authorization(std::string url) override;
    asio::awaitable<bool> challenged(authorization_challenge challenge) override;

private:
    struct core;

    oauth(oauth_options options, detail::any_token_store store);

    std::shared_ptr<core> core_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/oauth.ipp>
#endif
