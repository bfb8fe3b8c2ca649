#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mcp::http {

/// What became of a request that got no response.
enum class client_failure : std::uint8_t {
    bad_request,   ///< The request cannot be sent as it is: its URL, mostly.
    no_tls,        ///< The URL says https, and the client was given no TLS.
    not_resolved,  ///< The name of the host has no address.
    not_allowed,   ///< `client_options::allow` refuses all addresses of the host.
    not_connected, ///< No address of the host takes a connection.
    tls,           ///< The TLS handshake failed; mostly, no TLS: the certificate was refused.
    closed,        ///< The connection ended before the response did.
    timeout,       ///< A time of `client_timeouts` has passed.
    bad_response,  ///< The response is not HTTP/1.1 that can be trusted.
    too_large,     ///< The response is over a limit of `client_limits`.
};

/// Thrown by `client` and `client_stream` when there is no (whole) response.
///
/// `what()` is a sentence for a log that names the host, as in `api.example.com: the certificate
/// was refused: certificate has expired`. It holds nothing of the path, the query, the headers or
/// the body, where secrets are. It is not for a peer to see.
class client_error : public std::runtime_error {
public:
    client_error(client_failure why, std::string_view host, std::string_view sentence)
        : std::runtime_error((host.empty() ? std::string("HTTP client") : std::string(host))
                                 .append(": ")
                                 .append(sentence))
        , why_(why)
        , host_(host) {}

    client_failure why() const noexcept { return why_; }

    /// Host and port, as in the URL; empty if the URL could not be read.
    const std::string& host() const noexcept { return host_; }

private:
    client_failure why_;
    std::string host_;
};

} // namespace mcp::http
