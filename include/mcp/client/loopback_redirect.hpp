// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/user_agent.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mcp {

/// The options of a `loopback_redirect`.
struct loopback_options {
    /// Shows the page to the user: writes the URL to standard error if empty. A program that has a
    /// browser opens it. The URL is for the user only: it contains the state of the request.
    std::function<void(const std::string& url)> open{};

    std::string host = "127.0.0.1"; ///< in the redirect URI: this, or `localhost`
    std::uint16_t port = 0;         ///< 0: the port of the registration, or one that is free
    std::string path = "/callback"; ///< in the redirect URI
    std::chrono::milliseconds timeout = std::chrono::minutes(5); ///< for the user

    /// What the browser shows at the end, as HTML.
    std::string page = "<!doctype html><title>Authorization</title>"
                       "<p>You can close this window and return to the program.";
};

/// A `user_agent` that gets the redirect of the user's browser at a port of 127.0.0.1; the default.
/// [RFC 8252 §7.3]
///
/// It listens during an authorization only. Requests for another path, or with another state, are
/// refused and do not end it.
class loopback_redirect : public user_agent {
public:
    explicit loopback_redirect(loopback_options options = {});
    ~loopback_redirect() override;

    asio::awaitable<std::string> redirect_uri(std::string earlier) override;
    asio::awaitable<std::string> authorize(std::string url) override;

private:
    class receiver;

    loopback_options options_;
    std::shared_ptr<receiver> receiver_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/loopback_redirect.ipp>
#endif
