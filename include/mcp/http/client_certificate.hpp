// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace mcp::http {

/// What the certificate of a client says about it. TLS has verified the certificate: an authority
/// of `tls_server_options::client_authorities` has issued it, and the client has its key.
struct client_certificate {
    std::string subject{};            ///< distinguished name, such as `CN=ann,O=Example` [RFC 4514]
    std::string common_name{};        ///< the CN of the subject; empty if there is none
    std::vector<std::string> dns{};   ///< alternative names: hosts
    std::vector<std::string> email{}; ///< alternative names: mail addresses
    std::vector<std::string> uris{};  ///< alternative names: URIs, such as a SPIFFE id
    std::string fingerprint{};        ///< SHA-256 of the certificate, 64 hexadecimal digits
    std::chrono::sys_seconds expires{};
};

} // namespace mcp::http
