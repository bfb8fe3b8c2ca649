#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

/// Which Host and Origin values an endpoint accepts: the guard against DNS rebinding and against
/// pages of other sites. [MCP 2025-11-25 basic/transports, security warning]
///
/// By default a peer on this machine must name the host `localhost`, `127.0.0.1` or `[::1]` (a page
/// of a site that rebinds its name to 127.0.0.1 cannot), and a browser's Origin must be such a name
/// or the host itself. Behind a proxy on the same machine, list the public names.
struct http_policy {
    /// Host names, without port, that are accepted; `*` accepts all. Unset: the default above.
    std::optional<std::vector<std::string>> hosts{};
    /// Origins, as `https://app.example.com`, that are accepted beside the default; `*` is all.
    std::vector<std::string> origins{};
};

/// The host of `authority`, without its port: `[::1]:80` is `[::1]`. Empty if it is no authority.
inline std::string_view host_of(std::string_view authority) {
    const auto parts = http::split_authority(authority);
    return parts ? parts->host : std::string_view();
}

/// Whether the host is a name of this machine that no DNS server can give to another.
constexpr bool is_localhost(std::string_view host) noexcept {
    return http::iequals(host, "localhost") || host == "127.0.0.1" || host == "[::1]" ||
           host == "::1";
}

/// Whether the peer is on this machine; a socket for both families shows it as `::ffff:127.0.0.1`.
inline bool is_local(const asio::ip::address& peer) {
    if (peer.is_v6() && peer.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback();
    return peer.is_loopback();
}

/// Whether the request's Host, or the authority of its target, is acceptable.
inline bool accepts_host(const http_policy& policy, const http::request& request) {
    const std::string_view host = host_of(request.host());
    const bool named = !request.authority.empty() || request.headers.find("host");
    if (named && host.empty())
        return false;
    if (!policy.hosts)
        return !is_local(request.remote) || !named || is_localhost(host);
    return std::any_of(policy.hosts->begin(), policy.hosts->end(), [&](const std::string& allowed) {
        return allowed == "*" || http::iequals(allowed, host) ||
               (host.starts_with('[') && http::iequals(allowed, host.substr(1, host.size() - 2)));
    });
}

/// Whether the request's Origin, if it has one, is acceptable.
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

/// Whether one of the media ranges of an Accept header covers `type`, as `application/json`.
/// Parameters are not looked at. [RFC 9110 §12.5.1]
constexpr bool accepts_media(std::string_view accept, std::string_view type) noexcept {
    while (!accept.empty()) {
        const auto comma = accept.find(',');
        std::string_view range = accept.substr(0, comma);
        accept.remove_prefix(comma == accept.npos ? accept.size() : comma + 1);
        range = range.substr(0, range.find(';'));
        while (range.starts_with(' ') || range.starts_with('\t'))
            range.remove_prefix(1);
        while (range.ends_with(' ') || range.ends_with('\t'))
            range.remove_suffix(1);
        if (range == "*/*" || http::iequals(range, type))
            return true;
        if (range.ends_with("/*") &&
            http::iequals(range.substr(0, range.size() - 1), type.substr(0, range.size() - 1)))
            return true;
    }
    return false;
}

/// Whether the request accepts a response of `type`. Several Accept fields are one list, and none
/// accepts nothing: who wants the default of [RFC 9110 §12.5.1] asks for it.
inline bool accepts_media(const http::fields& headers, std::string_view type) noexcept {
    return std::any_of(headers.begin(), headers.end(), [&](const http::field& each) {
        return http::iequals(each.name, "accept") && accepts_media(each.value, type);
    });
}

/// Whether a Content-Type header names `type`, parameters aside.
constexpr bool is_media(std::string_view content_type, std::string_view type) noexcept {
    std::string_view name = content_type.substr(0, content_type.find(';'));
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return http::iequals(name, type);
}

} // namespace mcp
