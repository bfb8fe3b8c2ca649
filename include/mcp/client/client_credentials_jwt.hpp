// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace mcp {

/// Signs the assertions by which a program authenticates with a private key, for
/// `client_credentials_options::assertion`. [RFC 7523 §3]
///
///     mcp::client_credentials_options options;
///     options.client_id = "nightly";
///     options.assertion = mcp::client_credentials_jwt("nightly", read_file("key.pem"));
///
/// The algorithm follows from the key: RS256, ES256, ES384, ES512 or EdDSA. An assertion is good
/// for one issuer and one minute. A handle: copies share the key, on any thread.
///
/// Needs OpenSSL (CMake: `asio-mcp::tls`).
class client_credentials_jwt {
public:
    using clock = std::function<std::chrono::system_clock::time_point()>;

    /// Reads a private key in PEM, which must not be encrypted. `key_id` is the `kid` under which
    /// the issuer knows it; empty for none. Throws `std::invalid_argument` for a key that cannot
    /// sign; the text does not contain it.
    client_credentials_jwt(std::string client_id, const std::string& private_key,
                           std::string key_id = {}, clock now = std::chrono::system_clock::now);

    /// Returns an assertion for an issuer.
    std::string operator()(const std::string& issuer) const;

private:
    struct signer;

    std::shared_ptr<const signer> signer_;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/client_credentials_jwt.ipp>
#endif
