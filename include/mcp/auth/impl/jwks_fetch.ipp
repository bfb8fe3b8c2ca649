// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/jwks_fetch.hpp>
#include <mcp/http/client.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline asio::awaitable<std::string> fetch_jwks(std::shared_ptr<const http::client> client,
                                               std::string url) {
    http::client_request request(std::move(url));
    request.set("Accept", "application/jwk-set+json, application/json");
    const http::client_response response = co_await client->send(request);
    if (response.code != http::status::ok)
        throw std::runtime_error("the response has status " +
                                 std::to_string(static_cast<unsigned>(response.code)));
    co_return response.body;
}

} // namespace detail

MCP_DECL jwks_fetch::jwks_fetch() : jwks_fetch(http::client{}) {}

MCP_DECL jwks_fetch::jwks_fetch(http::client client)
    : client_(std::make_shared<const http::client>(std::move(client))) {}

MCP_DECL void jwks_fetch::check(std::string_view url) {
    const auto to = http::parse_web_url(url);
    if (!to || (to->site.scheme != "https" && !to->site.is_loopback()))
        throw std::invalid_argument("jwks_fetch: the URL must use https");
}

MCP_DECL asio::awaitable<std::string> jwks_fetch::operator()(std::string url) const {
    return detail::fetch_jwks(client_, std::move(url));
}

} // namespace mcp
