// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/oauth.hpp>: what is known of each server.

#include <mcp/client/impl/oauth_gate.hpp>
#include <mcp/client/impl/oauth_http.hpp>
#include <mcp/client/oauth.hpp>
#include <mcp/client/oauth_challenge.hpp>
#include <mcp/client/oauth_messages.hpp>
#include <mcp/client/token_store.hpp>
#include <mcp/client/user_agent.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp {

/// All that `oauth` knows and does. Members that return an awaitable run while `self`, which their
/// callers hold, keeps the object.
struct oauth::core {
    using clock_time = std::chrono::sys_seconds;
    using times = std::deque<clock_time>;

    /// The state of one MCP server.
    struct place {
        std::string server; ///< its canonical URL
        bool loaded = false;
        stored_authorization kept{};
        std::optional<detail::authorization_server> metadata{};
        clock_time obtained{}; ///< when the access token came
        detail::oauth_gate gate{};
        std::uint64_t ended = 0;                 ///< how many authorizations have ended
        std::exception_ptr failure{};            ///< of the last one
        std::map<std::string, times> attempts{}; ///< by issuer and scopes
    };

    core(oauth_options options_, detail::any_token_store store_);

    place& at(const std::string& url);
    clock_time now() const { return std::chrono::floor<std::chrono::seconds>(options.now()); }

    /// Returns the value of `Authorization`; empty if there is no token.
    static std::string current(const place& p) {
        return p.kept.access_token.empty() ? std::string() : "Bearer " + p.kept.access_token;
    }
    bool is_old(const place& p) const {
        return !p.kept.access_token.empty() && p.kept.expires &&
               now() >= detail::renewal_time(p.obtained, *p.kept.expires, options.early);
    }

    /// Returns the identity with which the tokens of a server were obtained.
    detail::client_identity identity(const place& p) const;
    /// Returns the scopes to ask for.
    std::string scopes(const place& p, const detail::oauth_challenge& challenge,
                       const detail::oauth_discovery& found) const;
    /// Counts an authorization. Throws if there have been too many.
    void count_attempt(place& p, const std::string& scope);
    void keep(place& p, detail::token_reply reply);

    asio::awaitable<void> load(place& p);
    asio::awaitable<void> save(place& p);

    /// Refreshes the access token, or forgets it if that is refused. Returns whether there is a new
    /// one. Throws `authorization_error` if it is not known whether the refresh token is good.
    asio::awaitable<bool> refresh(place& p);
    asio::awaitable<bool> use_refresh_token(place& p);
    /// Refreshes an old token. A failure counts only if the token cannot be used any more.
    asio::awaitable<void> renew(place& p);
    /// Gets a new token after a challenge.
    asio::awaitable<void> authorize(place& p, int status, const detail::oauth_challenge& challenge);
    asio::awaitable<void> ask_user(place& p, const detail::oauth_discovery& found,
                                   std::string scope);
    /// Gets tokens for a code of the authorization server.
    asio::awaitable<void> use_code(place& p, const detail::authorization_server& server,
                                   const detail::client_identity& client, detail::form_body form,
                                   std::string scope);
    asio::awaitable<detail::client_identity> identify(place& p, std::string redirect);
    asio::awaitable<detail::client_identity> register_client(place& p, std::string redirect);

    static asio::awaitable<std::string> value(std::shared_ptr<core> self, std::string url);
    static asio::awaitable<bool> challenged(std::shared_ptr<core> self,
                                            authorization_challenge challenge);

    oauth_options options;
    detail::any_token_store store;
    detail::oauth_http http;
    detail::oauth_gate user; ///< one authorization at a time
    std::map<std::string, std::unique_ptr<place>> places;
};

} // namespace mcp
