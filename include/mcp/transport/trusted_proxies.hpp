#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <asio/ip/address.hpp>
#include <asio/ip/network_v6.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace mcp {

/// The trusted proxies that every request passes before it reaches this server. None by default:
/// then the peer of the connection is the client, whatever its headers say.
struct trusted_proxies {
    std::size_t count = 0; ///< in a row; each appends the address of its peer to the header
    std::string header = "X-Forwarded-For"; ///< or a header with a single address, for one proxy
};

/// Returns the address in an element of the header: alone, with a port, or in brackets.
inline std::optional<asio::ip::address> forwarded_address(std::string_view text) {
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

/// Returns the address of the client, as the farthest trusted proxy has seen it. If an element of
/// the header is not an address, or there are too few, returns the last address that could be read.
inline asio::ip::address client_address(const trusted_proxies& proxies,
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

/// Returns the name by which an address is counted: the address itself, or the 64-bit network of an
/// IPv6 address, because its owner has all addresses of the network.
inline std::string caller_of(const asio::ip::address& address) {
    if (!address.is_v6())
        return address.to_string();
    asio::ip::address_v6 six = address.to_v6();
    if (six.is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, six).to_string();
    six.scope_id(0);
    return asio::ip::make_network_v6(six, 64).canonical().to_string();
}

} // namespace mcp
