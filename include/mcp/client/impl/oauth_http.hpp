// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/oauth.hpp>: the requests to authorization servers.

#include <mcp/client/authorization_error.hpp>
#include <mcp/client/oauth_messages.hpp>
#include <mcp/client/oauth_metadata.hpp>
#include <mcp/client/public_address.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/client_error.hpp>
#include <mcp/http/url.hpp>
#include <mcp/protocol/revision.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/ip/address.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// What an MCP server says of its authorization.
struct oauth_discovery {
    std::string resource; ///< the identifier for `resource`
    std::string scopes;   ///< that the resource has, separated by spaces
    authorization_server server;
};

/// Does work even if the caller is cancelled meanwhile: a code or a refresh token is good for one
/// use, and what it gives would be lost.
template <class T>
asio::awaitable<T> finished(asio::awaitable<T> work) {
    auto executor = co_await asio::this_coro::executor;
    auto shielded = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    co_return co_await asio::co_spawn(executor, std::move(work), std::move(shielded));
}

/// The HTTP client of an authorizer. Every URL comes from a server, so each is checked: https only,
/// no address of a private network, and this machine only for an MCP server that is here too.
/// Redirects are not followed.
class oauth_http {
public:
    oauth_http(http::client_options options, bool private_addresses)
        : private_(private_addresses)
        , local_(with_limits(
              options, +[](const asio::ip::address& a) { return a.is_loopback(); }))
        , remote_(with_limits(options, private_addresses ? nullptr : &is_public)) {}

    /// Returns why a URL is not used for an MCP server at `endpoint`; empty if it may be.
    std::string refusal(std::string_view url, std::string_view endpoint) const {
        const auto to = http::parse_web_url(url);
        const auto from = http::parse_web_url(endpoint);
        if (!to)
            return "is not a web URL";
        if (to->site.is_loopback())
            return private_ || (from && from->site.is_loopback()) ? "" : "is on this machine";
        return to->site.scheme == "https" ? "" : "is not https";
    }

    /// Throws `authorization_error` if the URL of `what` is not used.
    void check(std::string_view url, std::string_view endpoint, const std::string& what) const {
        const std::string reason = refusal(url, endpoint);
        if (!reason.empty())
            throw authorization_error(what + " " + reason);
    }

    asio::awaitable<http::client_response> send(http::client_request request) const {
        const auto to = http::parse_web_url(request.url);
        return to && to->site.is_loopback() ? local_.send(std::move(request))
                                            : remote_.send(std::move(request));
    }

private:
    static http::client_options with_limits(http::client_options options,
                                            bool (*allow)(const asio::ip::address&)) {
        constexpr std::size_t most = 512 * 1024;
        options.limits.body_bytes = std::min(options.limits.body_bytes, most);
        if (!options.allow && allow != nullptr)
            options.allow = allow;
        return options;
    }

    bool private_;
    http::client local_;
    http::client remote_;
};

/// The result of a look for a document.
struct fetched_document {
    std::string text{};    ///< empty if there is none
    std::string failure{}; ///< if it is not known whether there is one
};

/// Gets a document. An error of the client (4xx), a redirect, and what is no JSON object mean that
/// there is none: many servers have a page for every path.
inline asio::awaitable<fetched_document> fetch_document(const oauth_http& http, std::string url) {
    http::client_request request(std::move(url));
    request.set("Accept", "application/json");
    request.set("MCP-Protocol-Version", to_string(latest));
    fetched_document out;
    http::client_response response;
    try {
        response = co_await http.send(std::move(request));
    } catch (const http::client_error& error) {
        out.failure = error.what();
    }
    const auto status = static_cast<unsigned>(response.code);
    if (out.failure.empty() && (status >= 500 || status == 429))
        out.failure = "status " + std::to_string(status);
    const auto start = response.body.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (response.ok() && start != std::string::npos && response.body[start] == '{')
        out.text = std::move(response.body);
    co_return out;
}

/// Finds the metadata of an issuer. `itself` says that the issuer is the MCP server, which may have
/// none. The arguments outlive the call.
inline asio::awaitable<authorization_server>
find_server(const oauth_http& http, const std::string& endpoint, std::string issuer, bool itself) {
    const std::string name = "the authorization server " + origin_of(issuer);
    http.check(issuer, endpoint, "the URL of " + name);
    const auto urls = server_metadata_urls(issuer);
    std::string failure;
    for (const std::string& url : urls) {
        auto found = co_await fetch_document(http, url);
        if (found.text.empty()) {
            failure = failure.empty() ? std::move(found.failure) : std::move(failure);
            continue;
        }
        auto read = read_server_metadata(found.text, issuer);
        if (!read.value && itself)
            read = read_server_metadata(found.text, issuer + "/");
        if (!read.value)
            throw authorization_error("the metadata of " + name + " " + read.fault);
        co_return std::move(*read.value);
    }
    if (!failure.empty())
        throw authorization_error("the metadata of " + name + " cannot be read: " + failure);
    if (!itself)
        throw authorization_error(name + " has no metadata");
    co_return default_server(endpoint);
}

/// Finds out how an MCP server is authorized. `preferred` is the issuer to use if the server names
/// several. The arguments outlive the call.
inline asio::awaitable<oauth_discovery> discover(const oauth_http& http,
                                                 const std::string& endpoint,
                                                 const std::string& from_challenge,
                                                 const std::string& preferred) {
    oauth_discovery out;
    out.resource = resource_identifier(endpoint);
    std::vector<std::string> issuers;
    std::string failure;
    const auto urls = resource_metadata_urls(endpoint, from_challenge);
    for (const std::string& url : urls) {
        if (!http.refusal(url, endpoint).empty())
            continue;
        auto found = co_await fetch_document(http, url);
        if (found.text.empty()) {
            failure = failure.empty() ? std::move(found.failure) : std::move(failure);
            continue;
        }
        auto read = read_resource_metadata(found.text, endpoint);
        if (!read.value)
            throw authorization_error("the resource metadata " + read.fault);
        out.resource = std::move(read.value->resource);
        out.scopes = std::move(read.value->scopes);
        issuers = std::move(read.value->authorization_servers);
        failure.clear();
        break;
    }
    if (!failure.empty())
        throw authorization_error("the resource metadata cannot be read: " + failure);
    const bool itself = issuers.empty();
    std::string issuer = itself ? origin_of(endpoint) : issuers.front();
    if (std::find(issuers.begin(), issuers.end(), preferred) != issuers.end())
        issuer = preferred;
    auto server = co_await find_server(http, endpoint, std::move(issuer), itself);
    out.server = std::move(server);
    co_return out;
}

/// Asks the token endpoint. Throws `authorization_error` if it gives no response. The arguments
/// outlive the call.
inline asio::awaitable<token_reply> request_token(const oauth_http& http,
                                                  const std::string& endpoint,
                                                  const authorization_server& server,
                                                  const client_identity& client, form_body form) {
    const std::string name = "the token endpoint of " + server.issuer;
    http.check(server.token_endpoint, endpoint, "the URL of " + name);
    http::client_request request(http::verb::post, server.token_endpoint);
    request.set("Accept", "application/json");
    const std::string method =
        token_method(server.token_methods, client.method, !client.secret.empty());
    if (method == "client_secret_basic")
        request.set("Authorization", "Basic " + to_base64(http::form_encode(client.id) + ":" +
                                                          http::form_encode(client.secret)));
    else
        form.add("client_id", client.id);
    if (method == "client_secret_post")
        form.add("client_secret", client.secret);
    request.content("application/x-www-form-urlencoded", form.text());
    std::string failure;
    http::client_response response;
    try {
        response = co_await http.send(std::move(request));
    } catch (const http::client_error& error) {
        failure = error.what();
    }
    if (!failure.empty())
        throw authorization_error(name + " cannot be reached: " + failure);
    auto reply = read_token_reply(response.ok(), response.body);
    if (!reply.fault.empty())
        throw authorization_error(name + ": " + reply.fault);
    co_return reply;
}

} // namespace mcp::detail
