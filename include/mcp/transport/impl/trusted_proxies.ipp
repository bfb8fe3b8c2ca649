// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/url.hpp>
#include <mcp/transport/trusted_proxies.hpp>

#include <asio/ip/network_v6.hpp>

#include <algorithm>
#include <system_error>

namespace mcp {

MCP_DECL std::optional<asio::ip::address> forwarded_address(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    std::string alone(text);
    if (text.starts_with('[') || std::count(text.begin(), text.end(), ':') == 1) {
        const auto parsed = http::parse_host(text);
        if (!parsed)
            return std::nullopt;
        alone = parsed->host;
    }
    std::error_code failed;
    const auto address = asio::ip::make_address(alone, failed);
    return failed ? std::nullopt : std::optional(address);
}

MCP_DECL asio::ip::address client_address(const trusted_proxies& proxies,
                                          const http::request& request) {
    asio::ip::address known = request.remote;
    std::size_t left = proxies.count;
    if (left == 0)
        return known;
    std::string all; // several fields are one list [RFC 9110 §5.3]
    for (const http::field& each : request.headers)
        if (http::iequals(each.name, proxies.header))
            all.append(all.empty() ? "" : ",").append(each.value);
    std::string_view list = all;
    while (left-- > 0 && !list.empty()) {
        const auto comma = list.rfind(',');
        const auto address = forwarded_address(list.substr(comma == list.npos ? 0 : comma + 1));
        if (!address)
            break;
        known = *address;
        list = list.substr(0, comma == list.npos ? 0 : comma);
    }
    return known;
}

MCP_DECL std::string caller_of(const asio::ip::address& address) {
    if (!address.is_v6())
        return address.to_string();
    asio::ip::address_v6 six = address.to_v6();
    if (six.is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, six).to_string();
    six.scope_id(0);
    return asio::ip::make_network_v6(six, 64).canonical().to_string();
}

} // namespace mcp
