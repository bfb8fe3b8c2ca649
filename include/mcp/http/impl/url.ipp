// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>
#include <mcp/http/url.hpp>

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::http {

MCP_DECL std::optional<std::string> percent_decode(std::string_view text, nul_rule nul) {
    if (text.find('%') == text.npos) {
        return std::string(text);
    }
    const auto view = boost::urls::make_pct_string_view(text);
    if (!view) {
        return std::nullopt;
    }
    std::string out = view->decode();
    if (nul == nul_rule::refuse && out.find('\0') != out.npos) {
        return std::nullopt;
    }
    return out;
}

namespace detail {

inline std::optional<std::string> decode_form(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decode(spaced, nul_rule::keep);
}

} // namespace detail

// Does not use `parse_query` of Boost.URL: that of 1.81 reads its argument up to a NUL.
MCP_DECL std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    if (!boost::urls::make_pct_string_view(query))
        return std::nullopt;
    while (!query.empty()) {
        const std::string_view each = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), each.size() + 1));
        const auto sign = std::min(each.find('='), each.size());
        if (detail::decode_form(each.substr(0, sign)) != name)
            continue;
        auto value = detail::decode_form(each.substr(std::min(sign + 1, each.size())));
        return value && value->find('\0') == value->npos ? value : std::nullopt;
    }
    return std::nullopt;
}

MCP_DECL std::string form_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '*';
        const auto byte = static_cast<unsigned char>(c);
        if (plain)
            out += c;
        else
            out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return out;
}

MCP_DECL bool origin::is_loopback() const {
    return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
           (host.starts_with("127.") && boost::urls::parse_ipv4_address(host).has_value());
}

MCP_DECL std::optional<authority_view> split_authority(std::string_view text) {
    // Not by Boost.URL: version 1.81 refuses names that begin like an address ("127.0.0.1.nip.io").
    authority_view out;
    const auto end = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
    const auto port = end < text.size() ? text.substr(end) : std::string_view();
    out.host = text.substr(0, end);
    if (out.host.empty()) {
        return std::nullopt;
    }
    if (out.host.starts_with('[')) {
        if (!boost::urls::parse_ipv6_address(out.host.substr(1, out.host.size() - 2))) {
            return std::nullopt;
        }
    } else {
        for (const char c : out.host) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
                return std::nullopt;
            }
        }
    }
    if (!port.empty()) {
        const auto* last = port.data() + port.size();
        const auto read = std::from_chars(port.data() + 1, last, out.port);
        if (port[0] != ':' || read.ec != std::errc() || read.ptr != last) {
            return std::nullopt;
        }
    }
    return out;
}

MCP_DECL std::optional<origin> parse_host(std::string_view text) {
    const auto parts = split_authority(text);
    if (!parts) {
        return std::nullopt;
    }
    origin out;
    out.host = parts->host;
    out.port = parts->port;
    if (out.host.starts_with('[')) {
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    for (char& c : out.host) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

MCP_DECL bool is_origin_form(std::string_view text) {
    return boost::urls::parse_origin_form(text).has_value();
}

MCP_DECL std::optional<origin> parse_origin(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == text.npos || colon == 0) {
        return std::nullopt;
    }
    std::string scheme(text.substr(0, colon));
    for (char& c : scheme) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        const bool fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!fits || scheme.front() < 'A') {
            return std::nullopt;
        }
    }
    auto out = parse_host(text.substr(colon + 3));
    if (out) {
        out->scheme = std::move(scheme);
    }
    return out;
}

MCP_DECL std::optional<web_url> parse_web_url(std::string_view text) {
    text = text.substr(0, text.find('#'));
    const auto colon = text.find("://");
    if (colon == text.npos)
        return std::nullopt;
    const auto end = std::min(text.find_first_of("/?", colon + 3), text.size());
    auto site = parse_origin(text.substr(0, end));
    const bool zero = site && site->port == 0 && text.find(':', colon + 3) < end &&
                      !text.substr(0, end).ends_with(']');
    if (!site || zero || (site->scheme != "http" && site->scheme != "https"))
        return std::nullopt;
    web_url out;
    out.target = text.substr(end);
    if (!out.target.starts_with('/'))
        out.target.insert(0, "/");
    if (!is_origin_form(out.target))
        return std::nullopt;
    const bool address = site->host.find(':') != std::string::npos;
    out.host = address ? "[" + site->host + "]" : site->host;
    const std::uint16_t usual = site->scheme == "http" ? 80 : 443;
    if (site->port == 0)
        site->port = usual;
    else if (site->port != usual)
        out.host.append(":").append(std::to_string(site->port));
    out.site = std::move(*site);
    return out;
}

MCP_DECL std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
    const auto from = parse_web_url(base);
    if (!from || !boost::urls::parse_uri_reference(reference))
        return std::nullopt;
    if (uri_front(reference).scheme != 0)
        return std::string(reference);
    if (reference.starts_with("//"))
        return from->site.scheme + ":" + std::string(reference);
    const std::string_view target = from->target;
    const std::string_view path = target.substr(0, target.find('?'));
    reference = reference.substr(0, reference.find('#'));
    const std::string out = from->site.scheme + "://" + from->host;
    if (reference.empty())
        return out + from->target;
    if (reference.starts_with('?'))
        return out + std::string(path) + std::string(reference);
    const auto end = std::min(reference.find('?'), reference.size());
    std::string joined(reference.starts_with('/') ? "" : path.substr(0, path.rfind('/') + 1));
    joined += reference.substr(0, end);
    return out + mcp::detail::without_dot_segments(joined) + std::string(reference.substr(end));
}

} // namespace mcp::http
