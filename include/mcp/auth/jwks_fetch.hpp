// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace mcp::http {
class client; // <mcp/http/client.hpp>
} // namespace mcp::http

namespace mcp {

/// Fetches JWK Sets by HTTP; the default fetcher of `jwks_remote`.
///
/// Plain HTTP would let an attacker replace the keys. So only `https://` URLs and addresses of this
/// machine are accepted; https needs `client_options::tls`. The client's timeouts and limits apply.
/// Throws `http::client_error`, and `std::runtime_error` if the status is not 200.
class jwks_fetch {
public:
    jwks_fetch();
    explicit jwks_fetch(http::client client);

    /// Throws `std::invalid_argument` unless the URL is an https URL or on this machine.
    static void check(std::string_view url);

    [[nodiscard]] asio::awaitable<std::string> operator()(std::string url) const;

private:
    std::shared_ptr<const http::client> client_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwks_fetch.ipp>
#endif
