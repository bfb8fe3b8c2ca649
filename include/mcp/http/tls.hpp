// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/client_channel.hpp>

#include <string>

namespace mcp::http {

/// The options of `tls`.
struct tls_options {
    /// A PEM file of trusted certificate authorities, which replaces those of the system.
    std::string ca_file{};

    /// Whether the server must prove its identity by a certificate of a trusted authority, valid
    /// now and for the name or address of the host. Without it an attacker on the path can read and
    /// change everything: for experiments only.
    bool verify = true;
};

/// Returns a factory that gives a `client` https: TLS 1.2 or newer by OpenSSL, with verification.
/// [RFC 9110 §4.2.2]
///
///     mcp::http::client client{{.tls = mcp::http::tls()}};
///
/// Reads the authorities once, during this call; throws `std::runtime_error` if the file has none.
/// Many clients may share the factory, on any thread. A server that is refused gives a
/// `client_failure::tls`, whose sentence has the reason. A response that only the end of the
/// connection delimits must end with the closing message of TLS; otherwise it counts as cut short.
///
/// A file that includes this header also gives https to each `mcp::http_transport` of the program.
/// Needs OpenSSL (CMake: `asio-mcp::tls`).
channel_factory tls(tls_options options = {});

namespace detail {

/// Returns `tls()`, made at the first call.
channel_factory usual_tls();

inline const bool tls_is_made = (make_tls = usual_tls) != nullptr;

} // namespace detail

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/tls.ipp>
#endif
