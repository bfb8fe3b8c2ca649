// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/client_options.hpp>

#include <asio/awaitable.hpp>

#include <string>

namespace mcp {

/// Takes the user to the page of an authorization server and back; a collaborator of `mcp::oauth`.
/// [RFC 6749 §1.1]
///
/// `mcp::loopback_redirect` is one for programs with a browser on the same machine. One
/// authorization at a time uses it.
class user_agent {
public:
    virtual ~user_agent() = default;

    /// Gets ready and returns the URI to which the authorization server redirects. `earlier` is the
    /// one with which the client is registered, or empty; returning it saves a registration.
    virtual asio::awaitable<std::string> redirect_uri(std::string earlier) = 0;

    /// Shows the page at `url` to the user, and returns the query of the redirect. Its `state` is
    /// in the query of `url`. Throws `authorization_error` if none comes.
    virtual asio::awaitable<std::string> authorize(std::string url) = 0;
};

/// The options of a `headless_agent`.
struct headless_options {
    /// The redirect URI. Nothing listens there.
    std::string redirect_uri = "http://127.0.0.1:1/callback";
    http::client_options http{}; ///< for https, set `tls`
};

/// A `user_agent` without a user: it follows the redirects of the authorization server. For tests,
/// and for servers that ask nothing. It keeps no cookies.
class headless_agent : public user_agent {
public:
    explicit headless_agent(headless_options options = {});

    asio::awaitable<std::string> redirect_uri(std::string earlier) override;
    asio::awaitable<std::string> authorize(std::string url) override;

private:
    static asio::awaitable<std::string> follow(http::client client, std::string url,
                                               std::string until);

    std::string redirect_uri_;
    http::client client_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/user_agent.ipp>
#endif
