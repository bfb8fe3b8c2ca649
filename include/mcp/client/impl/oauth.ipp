// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/impl/oauth_core.hpp>
#include <mcp/client/impl/oauth_flow.hpp>
#include <mcp/client/loopback_redirect.hpp>
#include <mcp/client/oauth.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL oauth::core::core(oauth_options options_, detail::any_token_store store_)
    : options(std::move(options_))
    , store(std::move(store_))
    , http(options.http, options.private_addresses) {
    if (!options.agent)
        options.agent = std::make_shared<loopback_redirect>();
    if (options.client_document.empty())
        return;
    const auto document = http::parse_web_url(options.client_document);
    if (!document || document->site.scheme != "https" || document->target == "/")
        throw std::invalid_argument("oauth: client_document must be an https URL with a path");
}

MCP_DECL oauth::core::place& oauth::core::at(const std::string& url) {
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

MCP_DECL asio::awaitable<std::string> oauth::core::value(std::shared_ptr<core> self,
                                                         std::string url) {
    place& p = self->at(url);
    if (!p.loaded || self->is_old(p)) {
        const auto inside = co_await p.gate.enter();
        co_await self->load(p);
        if (self->is_old(p))
            co_await self->renew(p);
    }
    co_return current(p);
}

MCP_DECL asio::awaitable<bool> oauth::core::challenged(std::shared_ptr<core> self,
                                                       authorization_challenge challenge) {
    place& p = self->at(challenge.url);
    const auto bearer = detail::find_bearer_challenge(challenge.authenticate);
    const bool missing_scope =
        challenge.status == 403 && bearer && bearer->error == "insufficient_scope";
    if (challenge.status != 401 && !(missing_scope && !bearer->scope.empty()))
        co_return false;
    const auto wanted = bearer.value_or(detail::oauth_challenge{});
    const auto before = p.ended;
    const auto inside = co_await p.gate.enter();
    co_await self->load(p);
    if (p.ended != before && p.failure)
        std::rethrow_exception(p.failure); // the request has waited for this authorization
    if (const std::string newer = current(p); !newer.empty() && newer != challenge.used)
        co_return true;
    std::exception_ptr failure;
    try {
        co_await self->authorize(p, challenge.status, wanted);
    } catch (const authorization_error& error) {
        failure = std::make_exception_ptr(
            authorization_error(p.server + ": " + error.what(), error.code()));
    }
    ++p.ended;
    p.failure = failure;
    if (failure)
        std::rethrow_exception(failure);
    co_return true;
}

MCP_DECL oauth::oauth(oauth_options options, detail::any_token_store store)
    : core_(std::make_shared<core>(std::move(options), std::move(store))) {}

MCP_DECL asio::awaitable<std::string> oauth::authorization(std::string url) {
    return core::value(core_, std::move(url));
}

MCP_DECL asio::awaitable<bool> oauth::challenged(authorization_challenge challenge) {
    return core::challenged(core_, std::move(challenge));
}

} // namespace mcp
