#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <algorithm>
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
/// name or the host itself. Behind a proxy on the same machine, list the public names.
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
inline std::string_view host_of(std::string_view authority) {
    const auto parts = http::split_authority(authority);
    return parts ? parts->host : std::string_view();
}

/// Returns whether the host is a name of this machine that no DNS server can assign to another.
constexpr bool is_localhost(std::string_view host) noexcept {
    return http::iequals(host, "localhost") || host == "127.0.0.1" || host == "[::1]" ||
           host == "::1";
}

/// Returns whether the peer is on this machine. A socket for both address families shows it as
/// `::ffff:127.0.0.1`.
inline bool is_local(const asio::ip::address& peer) {
    if (peer.is_v6() && peer.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback();
    return peer.is_loopback();
}

/// Returns whether the list contains the host; `[::1]` may be listed as `::1`.
inline bool has_name(const std::vector<std::string>& names, std::string_view host) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
        return http::iequals(each, host) ||
               (host.starts_with('[') && http::iequals(each, host.substr(1, host.size() - 2)));
    });
}

/// Returns whether the request's Host, or the authority of its target, is accepted.
inline bool accepts_host(const http_policy& policy, const http::request& request) {
    const std::string_view host = host_of(request.host());
    const bool named = !request.authority.empty() || request.headers.find("host");
    if (named && host.empty())
        return false;
    if (!policy.hosts)
        return !is_local(request.remote) || !named || is_localhost(host) ||
               has_name(policy.own_names, host);
    return has_name(*policy.hosts, "*") || has_name(*policy.hosts, host);
}

/// Returns whether the request's Origin, if it has one, is accepted.
inline bool accepts_origin(const http_policy& policy, const http::request& request) {
    const auto named = request.headers.find("origin");
    if (!named)
        return true;
    if (request.headers.count("origin") > 1)
        return false;
    for (const std::string& allowed : policy.origins)
        if (allowed == "*" || http::iequals(allowed, *named))
            return true;
    const auto origin = http::parse_origin(*named);
    if (!origin)
        return false; // "null" is the Origin of sandboxed and redirected pages
    auto own = http::parse_host(request.host());
    if (own) {
        own->scheme = origin->scheme;
        if (own->host == origin->host && own->actual_port() == origin->actual_port())
            return true;
    }
    return !policy.hosts && is_localhost(origin->host);
}

} // namespace mcp
