// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A challenge of `WWW-Authenticate`. [RFC 9110 §11.3]
struct http_challenge {
    std::string scheme;    ///< in lower case
    std::string token68{}; ///< credentials without a name; empty if there are parameters
    std::vector<std::pair<std::string, std::string>> parameters{}; ///< names in lower case

    /// Returns the value of the first parameter of that name; empty if there is none.
    std::string_view find(std::string_view name) const noexcept;
};

/// Reads a field value, which may hold several challenges. What follows a syntax error is ignored.
/// [RFC 9110 §11.6.1]
std::vector<http_challenge> read_challenges(std::string_view field);

/// What a server says of the authorization that it wants. [RFC 6750 §3] [RFC 9728 §5.1]
struct oauth_challenge {
    std::string resource_metadata; ///< a URL; empty if there is none
    std::string scope;             ///< separated by spaces; empty if there is none
    std::string error;             ///< such as `insufficient_scope`
};

/// Finds the first `Bearer` challenge of a response.
std::optional<oauth_challenge> find_bearer_challenge(const std::vector<std::string>& fields);

/// The scopes of `text`, each once, in their order. Characters that no scope has separate them.
/// [RFC 6749 §3.3]
std::vector<std::string> split_scopes(std::string_view text);

/// Returns the scopes of both, each once, separated by spaces.
std::string join_scopes(std::string_view first, std::string_view second);

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/client/impl/oauth_challenge.ipp>
#endif
