// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/client_credentials.hpp>
#include <mcp/client/impl/oauth_gate.hpp>
#include <mcp/client/impl/oauth_http.hpp>
#include <mcp/client/oauth_challenge.hpp>
#include <mcp/client/oauth_messages.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp {

struct client_credentials::core {
    using clock_time = std::chrono::sys_seconds;

    /// The state of one MCP server.
    struct place {
        std::string server; ///< its canonical URL
        std::optional<detail::oauth_discovery> found{};
        std::string token{};
        std::string scope{};
        clock_time obtained{};
        std::optional<clock_time> expires{};
        detail::oauth_gate gate{};
    };

    explicit core(client_credentials_options options_)
        : options(std::move(options_))
        , http(options.http, options.private_addresses) {}

    place& at(const std::string& url);
    clock_time now() const { return std::chrono::floor<std::chrono::seconds>(options.now()); }
    static std::string current(const place& p) {
        return p.token.empty() ? std::string() : "Bearer " + p.token;
    }
    bool is_old(const place& p) const {
        return !p.token.empty() && p.expires &&
               now() >= detail::renewal_time(p.obtained, *p.expires, options.early);
    }

    asio::awaitable<void> get(place& p);
    static asio::awaitable<std::string> value(std::shared_ptr<core> self, std::string url);
    static asio::awaitable<bool> challenged(std::shared_ptr<core> self,
                                            authorization_challenge challenge);

    client_credentials_options options;
    detail::oauth_http http;
    std::map<std::string, std::unique_ptr<place>> places;
};

MCP_DECL client_credentials::core::place& client_credentials::core::at(const std::string& url) {
    std::string server = detail::resource_identifier(url);
    if (server.empty())
        throw authorization_error("the URL of the server is malformed");
    auto& found = places[server];
    if (!found) {
        found = std::make_unique<place>();
        found->server = std::move(server);
    }
    return *found;
}

/// Gets a token from the authorization server that has been found.
MCP_DECL asio::awaitable<void> client_credentials::core::get(place& p) {
    const detail::authorization_server& server = p.found->server;
    detail::form_body form;
    form.add("grant_type", "client_credentials")
        .add("scope", p.scope)
        .add("resource", p.found->resource);
    detail::client_identity client;
    client.id = options.client_id;
    client.secret = options.client_secret;
    if (options.assertion)
        form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .add("client_assertion", options.assertion(server.issuer));
    auto reply = co_await detail::request_token(http, p.server, server, client, std::move(form));
    if (!reply.error.empty())
        throw authorization_error(p.server + ": the token endpoint of " + server.issuer +
                                      " answers " + reply.error,
                                  reply.error);
    p.token = std::move(reply.access_token);
    p.obtained = now();
    p.expires.reset();
    if (reply.lifetime)
        p.expires = p.obtained + *reply.lifetime;
}

MCP_DECL asio::awaitable<std::string> client_credentials::core::value(std::shared_ptr<core> self,
                                                                      std::string url) {
    place& p = self->at(url);
    if (self->is_old(p)) {
        const auto inside = co_await p.gate.enter();
        if (self->is_old(p))
            co_await self->get(p);
    }
    co_return current(p);
}

MCP_DECL asio::awaitable<bool>
client_credentials::core::challenged(std::shared_ptr<core> self,
                                     authorization_challenge challenge) {
    place& p = self->at(challenge.url);
    const auto bearer =
        detail::find_bearer_challenge(challenge.authenticate).value_or(detail::oauth_challenge{});
    const bool missing_scope = challenge.status == 403 && bearer.error == "insufficient_scope";
    if (challenge.status != 401 && !missing_scope)
        co_return false;
    const auto inside = co_await p.gate.enter();
    if (const std::string newer = current(p); !newer.empty() && newer != challenge.used)
        co_return true;
    const std::string all = detail::join_scopes(p.scope, bearer.scope);
    if (missing_scope && all == p.scope)
        co_return false;
    const bool young = self->now() < p.obtained + std::chrono::seconds(30);
    auto found = co_await detail::discover(self->http, p.server, bearer.resource_metadata,
                                           self->options.issuer);
    const std::string& issuer = found.server.issuer;
    if (!self->options.issuer.empty() && issuer != self->options.issuer)
        throw authorization_error(p.server + ": the server has another authorization server, " +
                                  issuer + ", than the one of the program");
    const bool same = p.found && p.found->server.issuer == issuer;
    if (self->options.issuer.empty() && p.found && !same)
        throw authorization_error(p.server + ": the server has changed its authorization server");
    if (challenge.status == 401 && same && young && all == p.scope)
        co_return false; // the server refuses a token that has just been made for it
    p.scope = detail::join_scopes(bearer.scope.empty() ? found.scopes : bearer.scope, p.scope);
    p.scope = detail::join_scopes(p.scope, self->options.scope);
    p.found = std::move(found);
    co_await self->get(p);
    co_return true;
}

MCP_DECL client_credentials::client_credentials(client_credentials_options options)
    : core_(std::make_shared<core>(std::move(options))) {}

MCP_DECL asio::awaitable<std::string> client_credentials::authorization(std::string url) {
    return core::value(core_, std::move(url));
}

MCP_DECL asio::awaitable<bool> client_credentials::challenged(authorization_challenge challenge) {
    return core::challenged(core_, std::move(challenge));
}

} // namespace mcp
