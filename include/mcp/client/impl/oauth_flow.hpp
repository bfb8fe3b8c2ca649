// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/oauth.hpp>: how it gets tokens.

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/impl/oauth_core.hpp>
#include <mcp/client/impl/oauth_http.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/client_error.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL detail::client_identity oauth::core::identity(const place& p) const {
    if (!options.client_id.empty())
        return {options.client_id, options.client_secret};
    return {p.kept.client_id, p.kept.client_secret, p.kept.client_method};
}

MCP_DECL std::string oauth::core::scopes(const place& p, const detail::oauth_challenge& challenge,
                                         const detail::oauth_discovery& found) const {
    std::string out =
        detail::join_scopes(p.kept.scope, challenge.scope.empty() ? found.scopes : challenge.scope);
    out = detail::join_scopes(out, options.scope);
    const auto offered = detail::split_scopes(found.server.scopes);
    const bool can_stay =
        std::find(offered.begin(), offered.end(), "offline_access") != offered.end();
    // Without other scopes it would replace those that the server gives by default.
    if (options.offline && can_stay && !out.empty())
        out = detail::join_scopes(out, "offline_access");
    return out;
}

MCP_DECL void oauth::core::count_attempt(place& p, const std::string& scope) {
    times& before = p.attempts[p.kept.issuer + " " + scope];
    while (!before.empty() && before.front() + std::chrono::minutes(5) <= now())
        before.pop_front();
    if (before.size() >= options.attempts)
        throw authorization_error("the server still refuses the program after " +
                                  std::to_string(before.size()) +
                                  " authorizations for the same scopes");
    before.push_back(now());
}

MCP_DECL void oauth::core::keep(place& p, detail::token_reply reply) {
    p.kept.access_token = std::move(reply.access_token);
    if (!reply.refresh_token.empty())
        p.kept.refresh_token = std::move(reply.refresh_token);
    if (p.kept.scope.empty())
        p.kept.scope = detail::join_scopes(reply.scope, {});
    p.obtained = now();
    p.kept.expires.reset();
    if (reply.lifetime)
        p.kept.expires = p.obtained + *reply.lifetime;
}

MCP_DECL asio::awaitable<void> oauth::core::load(place& p) {
    if (p.loaded)
        co_return;
    std::string failure;
    std::optional<stored_authorization> loaded;
    try {
        loaded = co_await store.load(p.server);
    } catch (const std::exception& error) {
        failure = error.what();
    }
    if (!failure.empty())
        throw authorization_error(p.server + ": the tokens cannot be loaded: " + failure);
    if (loaded)
        p.kept = std::move(*loaded);
    p.loaded = true;
}

MCP_DECL asio::awaitable<void> oauth::core::save(place& p) {
    std::string failure;
    const stored_authorization what = p.kept;
    try {
        co_await store.save(p.server, what);
    } catch (const std::exception& error) {
        failure = error.what();
    }
    if (!failure.empty())
        throw authorization_error("the tokens cannot be saved: " + failure);
}

MCP_DECL asio::awaitable<bool> oauth::core::refresh(place& p) {
    if (p.kept.refresh_token.empty())
        co_return false;
    const bool itself = p.kept.issuer == detail::origin_of(p.server);
    if (!p.metadata || p.metadata->issuer != p.kept.issuer) {
        auto found = co_await detail::find_server(http, p.server, p.kept.issuer, itself);
        p.metadata = std::move(found);
    }
    auto work = use_refresh_token(p);
    co_return co_await detail::finished(std::move(work));
}

MCP_DECL asio::awaitable<bool> oauth::core::use_refresh_token(place& p) {
    detail::form_body form;
    form.add("grant_type", "refresh_token")
        .add("refresh_token", p.kept.refresh_token)
        .add("resource", p.kept.resource);
    const detail::client_identity client = identity(p);
    auto reply =
        co_await detail::request_token(http, p.server, *p.metadata, client, std::move(form));
    const bool unknown = reply.error == "temporarily_unavailable" || reply.error == "server_error";
    if (unknown)
        throw authorization_error("the token cannot be refreshed: " + reply.error, reply.error);
    const bool good = reply.error.empty();
    if (good)
        keep(p, std::move(reply));
    else
        p.kept.refresh_token.clear();
    co_await save(p);
    co_return good;
}

MCP_DECL asio::awaitable<void> oauth::core::renew(place& p) {
    std::string failure;
    bool good = false;
    try {
        good = co_await refresh(p);
    } catch (const authorization_error& error) {
        failure = error.what();
    }
    if (good || now() < *p.kept.expires)
        co_return;
    if (!failure.empty())
        throw authorization_error(p.server + ": " + failure);
    p.kept.access_token.clear();
}

MCP_DECL asio::awaitable<void> oauth::core::authorize(place& p, int status,
                                                      const detail::oauth_challenge& challenge) {
    const std::string preferred = p.kept.issuer.empty() ? options.issuer : p.kept.issuer;
    auto found = co_await detail::discover(http, p.server, challenge.resource_metadata, preferred);
    const std::string& issuer = found.server.issuer;
    const std::string expected = options.issuer.empty() ? p.kept.issuer : options.issuer;
    if (!options.client_id.empty() && !expected.empty() && expected != issuer)
        throw authorization_error("the server has another authorization server, " + issuer +
                                  ", than the one where the program is registered");
    if (p.kept.issuer != issuer) { // all that is kept belongs to its issuer
        p.kept = {};
        p.kept.issuer = issuer;
    }
    p.kept.resource = found.resource;
    p.metadata = found.server;

    // A token that has just come is not refused because of its age.
    const bool young = now() < p.obtained + std::chrono::seconds(30);
    if (status == 401 && !p.kept.access_token.empty() && !young) {
        const bool refreshed = co_await refresh(p);
        if (refreshed)
            co_return;
    }
    if (status == 401)
        p.kept.access_token.clear();
    std::string scope = scopes(p, challenge, found);
    count_attempt(p, scope);
    const auto alone = co_await user.enter();
    const bool registered_before = !p.kept.client_id.empty();
    std::exception_ptr failure;
    try {
        co_await ask_user(p, found, std::move(scope));
    } catch (const authorization_error&) {
        failure = std::current_exception();
    }
    if (!failure)
        co_return;
    if (registered_before) { // the server may have forgotten the client
        p.kept.client_id.clear();
        p.kept.redirect_uri.clear();
        co_await save(p);
    }
    std::rethrow_exception(failure);
}

MCP_DECL asio::awaitable<void> oauth::core::ask_user(place& p, const detail::oauth_discovery& found,
                                                     std::string scope) {
    const detail::authorization_server& server = found.server;
    if (!server.has_s256 && !options.assume_pkce)
        throw authorization_error("the authorization server " + server.issuer +
                                  " does not support PKCE with S256");
    http.check(server.authorization_endpoint, p.server,
               "the authorization endpoint of " + server.issuer);
    const std::string redirect = co_await options.agent->redirect_uri(p.kept.redirect_uri);
    const auto client = co_await identify(p, redirect);
    const std::string verifier = random_token(32);
    const std::string state = random_token(24);
    detail::form_body query;
    query.add("response_type", "code")
        .add("client_id", client.id)
        .add("redirect_uri", redirect)
        .add("scope", scope)
        .add("state", state)
        .add("code_challenge", detail::s256_challenge(verifier))
        .add("code_challenge_method", "S256")
        .add("resource", found.resource);
    const auto asked = detail::split_scopes(scope);
    if (std::find(asked.begin(), asked.end(), "offline_access") != asked.end())
        query.add("prompt", "consent"); // [OpenID Connect Core 1.0 §11]
    std::string page = detail::with_query(server.authorization_endpoint, query.text());
    const std::string answer = co_await options.agent->authorize(std::move(page));
    auto redirected = detail::read_redirect(answer, state, server);
    if (!redirected.fault.empty())
        throw authorization_error(redirected.fault);
    if (!redirected.error.empty())
        throw authorization_error(redirected.error == "access_denied"
                                      ? "the user or the authorization server has refused the "
                                        "program (access_denied)"
                                      : "the authorization server answers " + redirected.error,
                                  redirected.error);
    detail::form_body form;
    form.add("grant_type", "authorization_code")
        .add("code", redirected.code)
        .add("redirect_uri", redirect)
        .add("code_verifier", verifier)
        .add("resource", found.resource);
    auto work = use_code(p, server, client, std::move(form), std::move(scope));
    co_await detail::finished(std::move(work));
}

MCP_DECL asio::awaitable<void> oauth::core::use_code(place& p,
                                                     const detail::authorization_server& server,
                                                     const detail::client_identity& client,
                                                     detail::form_body form, std::string scope) {
    auto reply = co_await detail::request_token(http, p.server, server, client, std::move(form));
    if (!reply.error.empty())
        throw authorization_error("the token endpoint answers " + reply.error, reply.error);
    p.kept.refresh_token.clear();
    p.kept.scope = std::move(scope);
    keep(p, std::move(reply));
    co_await save(p);
}

MCP_DECL asio::awaitable<detail::client_identity> oauth::core::identify(place& p,
                                                                        std::string redirect) {
    if (!options.client_id.empty())
        co_return identity(p);
    if (!options.client_document.empty() && p.metadata->takes_client_documents) {
        p.kept.client_id = options.client_document;
        p.kept.client_secret.clear();
        p.kept.client_method = "none";
        p.kept.redirect_uri = redirect;
        p.kept.client_expires.reset();
        co_return identity(p);
    }
    const bool known = !p.kept.client_id.empty() && p.kept.client_id != options.client_document &&
                       p.kept.redirect_uri == redirect &&
                       !(p.kept.client_expires && now() >= *p.kept.client_expires);
    if (known)
        co_return identity(p);
    if (!options.registration || p.metadata->registration_endpoint.empty())
        throw authorization_error("the program has no client id at " + p.metadata->issuer +
                                  ", and cannot register there");
    co_return co_await register_client(p, std::move(redirect));
}

MCP_DECL asio::awaitable<detail::client_identity>
oauth::core::register_client(place& p, std::string redirect) {
    const detail::authorization_server& server = *p.metadata;
    const std::string name = "the registration at " + server.issuer;
    http.check(server.registration_endpoint, p.server, "the URL of " + name);
    const auto& methods = server.token_methods;
    const bool is_public = std::find(methods.begin(), methods.end(), "none") != methods.end();
    detail::client_description client;
    client.name = options.name;
    client.website = options.website;
    client.software_id = options.software_id;
    client.software_version = options.software_version;
    client.redirect_uri = redirect;
    client.method = is_public ? "none" : detail::token_method(methods, {}, true);
    http::client_request request(http::verb::post, server.registration_endpoint);
    request.set("Accept", "application/json");
    request.content("application/json", detail::registration_body(client));
    std::string failure;
    http::client_response response;
    try {
        response = co_await http.send(std::move(request));
    } catch (const http::client_error& error) {
        failure = error.what();
    }
    if (!failure.empty())
        throw authorization_error(name + " failed: " + failure);
    if (!response.ok()) {
        const std::string code = detail::error_code(response.body);
        throw authorization_error(
            name + " was refused: " +
                (code.empty() ? "status " + std::to_string(static_cast<unsigned>(response.code))
                              : code),
            code);
    }
    auto read = detail::read_registration(response.body);
    if (!read.value)
        throw authorization_error(name + " failed: the response " + read.fault);
    p.kept.client_id = std::move(read.value->id);
    p.kept.client_secret = std::move(read.value->secret);
    p.kept.client_method = std::move(read.value->method);
    p.kept.client_expires = read.value->expires;
    p.kept.redirect_uri = std::move(redirect);
    co_await save(p);
    co_return identity(p);
}

} // namespace mcp
