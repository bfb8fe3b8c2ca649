// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/url.hpp>
#include <mcp/transport/http_policy.hpp>

#include <algorithm>

namespace mcp {

MCP_DECL std::string_view host_of(std::string_view authority) {
    const auto parts = http::split_authority(authority);
    return parts ? parts->host : std::string_view();
}

MCP_DECL bool is_local(const asio::ip::address& peer) {
    if (peer.is_v6() && peer.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).is_loopback();
    return peer.is_loopback();
}

MCP_DECL bool has_name(const std::vector<std::string>& names, std::string_view host) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
        return http::iequals(each, host) ||
               (host.starts_with('[') && http::iequals(each, host.substr(1, host.size() - 2)));
    });
}

MCP_DECL bool accepts_host(const http_policy& policy, const http::request& request) {
    const std::string_view host = host_of(request.host());
    const bool named = !request.authority.empty() || request.headers.find("host");
    if (named && host.empty())
        return false;
    if (!policy.hosts)
        return !is_local(request.remote) || !named || is_localhost(host) ||
               has_name(policy.own_names, host);
    return has_name(*policy.hosts, "*") || has_name(*policy.hosts, host);
}

MCP_DECL bool accepts_origin(const http_policy& policy, const http::request& request) {
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
