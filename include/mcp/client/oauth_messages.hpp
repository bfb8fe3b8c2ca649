// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/oauth_metadata.hpp>
#include <mcp/config.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::detail {

/// The identity of a client at one authorization server.
struct client_identity {
    std::string id{};
    std::string secret{}; ///< empty for a public client
    std::string method{}; ///< `none`, `client_secret_basic` or `client_secret_post`
    std::optional<std::chrono::sys_seconds> expires{}; ///< of the secret
};

/// A request in the form `name=value&…`.
class form_body {
public:
    /// Adds a pair, encoded; nothing if the value is empty.
    form_body& add(std::string_view name, std::string_view value);

    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

/// How a client authenticates at the token endpoint: as registered, or in the first way that both
/// sides can. `supported` is that of the metadata. [RFC 8414 §2] [RFC 7591 §2]
std::string token_method(const std::vector<std::string>& supported, std::string_view registered,
                         bool has_secret);

/// The metadata of a client for dynamic registration. [RFC 7591 §2]
struct client_description {
    std::string name;
    std::string website;
    std::string software_id;
    std::string software_version;
    std::string redirect_uri;
    std::string method;
};

/// Writes a request to the registration endpoint. The `application_type` follows from the redirect
/// URI: `web` for https, otherwise `native`. [OpenID Connect Dynamic Client Registration 1.0 §2]
std::string registration_body(const client_description& client);

/// Reads its response.
document_result<client_identity> read_registration(std::string_view text);

/// Returns the `error` of an error response; empty if there is none. [RFC 6749 §5.2]
std::string error_code(std::string_view text);

/// Makes the `code_challenge` of a verifier. [RFC 7636 §4.2]
std::string s256_challenge(std::string_view verifier);

/// Appends a query to the URL of an endpoint, which may have one already. [RFC 6749 §3.1]
std::string with_query(std::string_view url, std::string_view query);

/// What the redirect of the authorization server says. One of the members is not empty.
struct redirect_reply {
    std::string code{};
    std::string error{}; ///< an error code of the server
    std::string fault{}; ///< why the redirect is refused, as a sentence
};

/// Reads the query of a redirect: first `state`, then `iss`, which must be exactly the issuer, and
/// only then code or error. [RFC 6749 §4.1.2] [RFC 9207 §2.4]
redirect_reply read_redirect(std::string_view query, std::string_view state,
                             const authorization_server& server);

/// The response of a token endpoint.
struct token_reply {
    std::string access_token{};
    std::string refresh_token{};
    std::string scope{};
    std::optional<std::chrono::seconds> lifetime{}; ///< at most ten years
    std::string error{};                            ///< an error code of the server
    std::string fault{};                            ///< why the response is refused, as a sentence
};

/// Reads it. [RFC 6749 §5.1, §5.2]
token_reply read_token_reply(bool success, std::string_view text);

/// Returns when a token is replaced: `early` before its end, but not in the first three quarters of
/// its life, so that one of a short life serves more than one request.
inline std::chrono::sys_seconds renewal_time(std::chrono::sys_seconds obtained,
                                             std::chrono::sys_seconds expires,
                                             std::chrono::seconds early) {
    return expires - std::min(early, (expires - obtained) / 4);
}

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/client/impl/oauth_messages.ipp>
#endif
