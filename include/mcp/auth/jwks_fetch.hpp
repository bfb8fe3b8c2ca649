#pragma once

#include <mcp/http/client.hpp>
#include <mcp/http/url.hpp>

#include <asio/awaitable.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// Fetches JWK Sets by HTTP; the default fetcher of `jwks_remote`.
///
/// Plain HTTP would let an attacker replace the keys. So only `https://` URLs and addresses of this
/// machine are accepted; https needs `client_options::tls`. The client's timeouts and limits apply.
/// Throws `http::client_error`, and `std::runtime_error` if the status is not 200.
class jwks_fetch {
public:
    explicit jwks_fetch(http::client client = http::client{}) : client_(std::move(client)) {}

    /// Throws `std::invalid_argument` unless the URL is an https URL or on this machine.
    static void check(std::string_view url) {
        const auto to = http::parse_web_url(url);
        if (!to || (to->site.scheme != "https" && !to->site.is_loopback()))
            throw std::invalid_argument("jwks_fetch: the URL must use https");
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
            throw std::runtime_error("the response has status " +
                                     std::to_string(static_cast<unsigned>(answer.code)));
        co_return answer.body;
    }

    http::client client_;
};

} // namespace mcp
