// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/principal.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <functional>
#include <optional>

namespace mcp {

/// An `auth_backend` for clients on a Unix domain socket: the kernel says which user they are.
///
///     mcp::server server{"weather", "1.0", mcp::local_users{}};
///
/// The subject of the principal is the number of the user, such as `uid:1000`. The principal has no
/// scopes, and its claims are the numbers of the user, the group and the process. Clients over TCP
/// are refused; `auth_chain` lets them show a token.
class local_users {
public:
    static constexpr bool authorization_server = false;

    /// Makes the principal of a client; nullopt refuses it.
    using mapping = std::function<std::optional<principal>(const http::local_peer&)>;

    local_users();

    /// Takes a mapping of your own, called by all event loops concurrently.
    explicit local_users(mapping map);

    auth_result authenticate(const http::request& request) const;

    /// The mapping of the default constructor, for use by others.
    static principal by_number(const http::local_peer& peer);

private:
    mapping map_;
};

static_assert(auth_backend<local_users>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/local_users.ipp>
#endif
