#pragma once

#include <mcp/http/client.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Fetches JWK Sets by HTTP: what `jwks_remote` uses unless it is given something else.
///
/// Keys that come by plain HTTP could be anybody's, so it takes `https://` only, but for addresses
/// of this machine; the client then needs `client_options::tls`. Its timeouts and limits hold.
/// Throws `http::client_error`, and `std::runtime_error` for an answer that is not 200.
class jwks_fetch {
public:
    explicit jwks_fetch(http::client client = http::client{}) : client_(std::move(client)) {}

    /// Throws `std::invalid_argument` unless the URL is of https, or of this machine.
    static void check(std::string_view url) {
        const auto to = http::parse_web_url(url);
        if (!to || (to->site.scheme != "https" && !to->site.is_loopback()))
            throw std::invalid_argument("jwks_fetch: keys are fetched from a URL of https only");
    }

    [[nodiscard]] asio::awaitable<std::string> operator()(std::string url) const {
        return get(client_, std::move(url));
    }

private:
    static asio::awaitable<std::string> get(http::client client, std::string url) {
        http::client_request ask(std::move(url));
        ask.set("Accept", "application/jwk-set+json, application/json");
        const http::client_response answer = co_await client.send(ask);
        if (answer.code != http::status::ok)
            throw std::runtime_error("the answer has status " +
                                     std::to_string(static_cast<unsigned>(answer.code)));
        co_return answer.body;
    }

    http::client client_;
};

} // namespace mcp
