// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/http/message.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// Says which Host and Origin values an endpoint accepts. This protects against DNS rebinding and
/// against pages of other sites. [MCP 2025-11-25 basic/transports, security warning]
///
/// By default a peer on this machine must name the host `localhost`, `127.0.0.1` or `[::1]`. A page
/// of a site that rebinds its name to 127.0.0.1 cannot do that. A browser's Origin must be such a
/// name or the host itself. Behind a proxy on the same machine, list the public names. It is a part
/// of the endpoint's options, which are set before the endpoint serves.
struct http_policy {
    /// Accepted host names, without port; `*` accepts all. Unset: the default above.
    std::optional<std::vector<std::string>> hosts{};
    /// Further names of this machine that the default accepts, such as that of the listener.
    std::vector<std::string> own_names{};
    /// Origins, such as `https://app.example.com`, accepted beside the default; `*` accepts all.
    std::vector<std::string> origins{};
};

/// Returns the host of `authority`, without its port: `[::1]:80` gives `[::1]`. Empty if
/// `authority` is malformed.
std::string_view host_of(std::string_view authority);

/// Returns whether the host is a name of this machine that no DNS server can assign to another.
constexpr bool is_localhost(std::string_view host) noexcept {
    return http::iequals(host, "localhost") || host == "127.0.0.1" || host == "[::1]" ||
           host == "::1";
}

/// Returns whether the peer is on this machine. A socket for both address families shows it as
/// `::ffff:127.0.0.1`.
bool is_local(const asio::ip::address& peer);

/// Returns whether the list contains the host; `[::1]` may be listed as `::1`.
bool has_name(const std::vector<std::string>& names, std::string_view host);

/// Returns whether the request's Host, or the authority of its target, is accepted.
bool accepts_host(const http_policy& policy, const http::request& request);

/// Returns whether the request's Origin, if it has one, is accepted.
bool accepts_origin(const http_policy& policy, const http::request& request);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/transport/impl/http_policy.ipp>
#endif
