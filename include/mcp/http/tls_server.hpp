// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/secure_channel.hpp>

#include <memory>

namespace mcp::http {

/// Makes the TLS of an `http::server`: TLS 1.2 or newer by OpenSSL, with ALPN `http/1.1`.
///
///     mcp::http::server server{app, {.port = 8443, .tls = mcp::http::tls_server(
///                                        {.certificate = "chain.pem", .key = "key.pem"})}};
///
/// Reads certificates and keys during this call, and again at `reload`. Throws `std::runtime_error`
/// with a sentence that names the file if they cannot be used. Clients may resume sessions by
/// tickets for an hour; renegotiation, compression and early data are off.
///
/// A file that includes this header also gives `mcp::run` its options `--tls-cert`, `--tls-key` and
/// `--tls-client-ca`. Needs OpenSSL (CMake: `asio-mcp::tls`).
std::shared_ptr<secure_layer> tls_server(tls_server_options options);

namespace detail {

inline const bool tls_server_is_made = (make_tls_server = tls_server) != nullptr;

} // namespace detail

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/tls_server.ipp>
#endif
