// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <functional>
#include <optional>

namespace mcp {

/// An `auth_backend` for clients whose certificate TLS has verified; see
/// `http::tls_server_options::client_authorities`.
///
///     mcp::server server{"weather", "1.0", mcp::client_certificates{}};
///
/// The subject of the principal is the distinguished name of the certificate, such as
/// `CN=ann,O=Example`. The principal has no scopes, and its claims are what the certificate says.
/// It expires with the certificate. `auth_chain` lets clients without a certificate show a token.
class client_certificates {
public:
    static constexpr bool authorization_server = false;

    /// Makes the principal of a client; nullopt refuses it.
    using mapping = std::function<std::optional<principal>(const http::client_certificate&)>;

    client_certificates();

    /// Takes a mapping of your own, called by all event loops concurrently.
    explicit client_certificates(mapping map);

    auth_result authenticate(const http::request& request) const;

    /// The mapping of the default constructor, for use by others.
    static principal by_subject(const http::client_certificate& certificate);

private:
    mapping map_;
};

static_assert(auth_backend<client_certificates>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/client_certificates.ipp>
#endif
