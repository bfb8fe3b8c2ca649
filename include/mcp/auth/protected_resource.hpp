// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// The information that clients need to get a token for this server. [RFC 9728 §2]
struct protected_resource {
    /// The URL of the MCP endpoint as clients write it, for example `https://example.com/mcp`. For
    /// an endpoint that is mounted at a pattern, its path is a pattern, too, and the request gives
    /// the values: `https://example.com/t/{tenant}/mcp`. So each tenant is a resource.
    std::string resource{};
    /// Issuer URLs, also with `{parameters}` of the path. If empty, there is no metadata document:
    /// clients that get a document without issuers look for an authorization server here. [MCP
    /// 2026-07-28 basic/authorization]
    std::vector<std::string> authorization_servers{};
    std::vector<std::string> scopes_supported{}; ///< the scopes that a token may have
    std::string documentation{};                 ///< a page for developers
    std::string name{};                          ///< a display name
    std::string realm = "mcp";                   ///< of challenges [RFC 9110 §11.5]

    /// Returns whether there is a metadata document: it names the resource and its token issuers.
    bool has_metadata() const noexcept {
        return !resource.empty() && !authorization_servers.empty();
    }
};

namespace detail {

/// Returns the resource of a request: its URLs with the values of path parameters in place of
/// `{name}` and `{name:converter}`. Those without a value stay.
protected_resource resource_at(const protected_resource& pattern, const http::path_params& path);

/// Returns the metadata document of a resource that has one. [RFC 9728 §3.2]
std::string metadata_document(const protected_resource& of);

} // namespace detail

/// The path of the metadata document; it is also served with the path of the resource appended.
/// [RFC 9728 §3]
inline constexpr std::string_view resource_metadata_path = "/.well-known/oauth-protected-resource";

namespace detail {

/// Returns the URL of the metadata document of a resource: the well-known part goes between the
/// host and the path or query. [RFC 9728 §3.1]
std::string metadata_url(std::string_view resource);

/// Returns the value of `WWW-Authenticate` for a refused request. `error` is for example
/// `invalid_token` or `insufficient_scope`; `scopes` are all scopes that the request needs. [RFC
/// 6750 §3] [RFC 9728 §5.1]
std::string challenge(const protected_resource& of, std::string_view error = {},
                      const std::vector<std::string>& scopes = {},
                      std::string_view description = {});

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/protected_resource.ipp>
#endif
