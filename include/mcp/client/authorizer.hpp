// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <string>
#include <vector>

namespace mcp {

/// A response of 401 or 403 that asks for authorization.
struct authorization_challenge {
    std::string url;                       ///< of the MCP endpoint
    int status = 401;                      ///< 401 or 403
    std::vector<std::string> authenticate; ///< the values of the fields `WWW-Authenticate`
    std::string used; ///< the `Authorization` that was refused; empty if there was none
};

/// Gives the requests of an HTTP client their `Authorization`; a collaborator of the client.
///
/// Called on the executor of the client; several requests may call it at once. `mcp::oauth` is one;
/// `mcp::bearer` sends one fixed token.
class authorizer {
public:
    virtual ~authorizer() = default;

    /// Returns the value of `Authorization` for the next request; empty for none. `url` is that of
    /// the endpoint. Refreshes a token that has expired.
    virtual asio::awaitable<std::string> authorization(std::string url) = 0;

    /// Takes a challenge of the server. Returns whether the request is worth repeating, with the
    /// value that `authorization` gives then. The transport asks a few times at most.
    ///
    /// Throws `authorization_error` with a sentence for the user if there is no way to get a token.
    virtual asio::awaitable<bool> challenged(authorization_challenge challenge) = 0;
};

} // namespace mcp
