// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/client/authorization_error.hpp>
#include <mcp/client/oauth_metadata.hpp>
#include <mcp/client/user_agent.hpp>
#include <mcp/http/client_error.hpp>
#include <mcp/http/client_message.hpp>

#include <asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL headless_agent::headless_agent(headless_options options)
    : redirect_uri_(std::move(options.redirect_uri))
    , client_(std::move(options.http)) {}

MCP_DECL asio::awaitable<std::string> headless_agent::redirect_uri(std::string) {
    return detail::ready_value(redirect_uri_);
}

MCP_DECL asio::awaitable<std::string> headless_agent::authorize(std::string url) {
    return follow(client_, std::move(url), redirect_uri_);
}

MCP_DECL asio::awaitable<std::string> headless_agent::follow(http::client client, std::string url,
                                                             std::string until) {
    constexpr int most = 10;
    for (int hops = 0; hops < most; ++hops) {
        std::string failure;
        http::client_response response;
        http::client_request request(url);
        try {
            response = co_await client.send(std::move(request));
        } catch (const http::client_error& error) {
            failure = error.what();
        }
        if (!failure.empty())
            throw authorization_error("the authorization server cannot be reached: " + failure);
        const auto location = response.header("location");
        if (!location)
            throw authorization_error("the authorization server shows a page, with status " +
                                      std::to_string(static_cast<unsigned>(response.code)) +
                                      ", but there is no user to read it");
        std::string next(*location);
        if (next.starts_with('/') && !next.starts_with("//"))
            next.insert(0, detail::origin_of(url));
        if (next.starts_with(until) && (next.size() == until.size() || next[until.size()] == '?'))
            co_return next.size() == until.size() ? std::string() : next.substr(until.size() + 1);
        url = std::move(next);
    }
    throw authorization_error("the authorization server redirects too often");
}

} // namespace mcp
