// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp::http {

/// The reason why a request got no response.
enum class client_failure : std::uint8_t {
    bad_request,   ///< The request cannot be sent, mostly because of its URL.
    no_tls,        ///< The URL is https, but the client has no TLS.
    not_resolved,  ///< The host name has no address.
    not_allowed,   ///< `client_options::allow` refuses all addresses of the host.
    not_connected, ///< No address of the host accepts a connection.
    tls,           ///< The TLS handshake failed, mostly because the certificate was refused.
    closed,        ///< The connection ended before the response did.
    timeout,       ///< A time of `client_timeouts` has passed.
    bad_response,  ///< The response is invalid or ambiguous HTTP/1.1.
    too_large,     ///< The response exceeds a limit of `client_limits`.
};

/// An exception of `client` and `client_stream` for a missing or incomplete response.
///
/// `what()` is a sentence for a log that names the host, such as `api.example.com: the certificate
/// was refused: certificate has expired`. It contains nothing of the path, the query, the headers
/// or the body, since they may hold secrets. Do not send it to a peer.
class client_error : public std::runtime_error {
public:
    client_error(client_failure reason, std::string_view host, std::string_view description);

    client_failure why() const noexcept { return why_; }

    /// Returns host and port as in the URL; empty if the URL is invalid.
    const std::string& host() const noexcept { return host_; }

private:
    client_failure why_;
    std::string host_;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/client_error.ipp>
#endif
