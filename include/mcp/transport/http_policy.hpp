#pragma once

#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>

#include <algorithm>
#include <cstddef>
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

namespace detail {

/// Removes the first element of `text`, up to a `separator` outside quoted strings, and the
/// separator. Returns the element without the white space around it. [RFC 9110 §5.6.4]
constexpr std::string_view take_element(std::string_view& text, char separator) noexcept {
    std::size_t end = 0;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != separator); ++end) {
        if (text[end] == '"')
            quoted = !quoted;
        else if (quoted && text[end] == '\\')
            ++end;
    }
    end = std::min(end, text.size());
    std::string_view out = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (out.starts_with(' ') || out.starts_with('\t'))
        out.remove_prefix(1);
    while (out.ends_with(' ') || out.ends_with('\t'))
        out.remove_suffix(1);
    return out;
}

/// Returns whether a parameter of a media range is a weight of zero. [RFC 9110 §12.4.2]
constexpr bool is_zero_weight(std::string_view parameter) noexcept {
    if (parameter.size() < 3 || !http::iequals(parameter.substr(0, 2), "q="))
        return false;
    const std::string_view weight = parameter.substr(2);
    return weight == "0" ||
           (weight.starts_with("0.") && weight.find_first_not_of('0', 2) == weight.npos);
}

/// Decides from Accept fields about one type: the most specific range that covers it counts.
struct acceptance {
    int precision = 0; ///< of that range; 0 if none covers the type
    bool wanted = false;

    constexpr void read(std::string_view accept, std::string_view type) noexcept {
        while (!accept.empty()) {
            std::string_view rest = take_element(accept, ',');
            const std::string_view range = take_element(rest, ';');
            const std::string_view family = type.substr(0, type.find('/') + 1);
            int found = http::iequals(range, type) ? 3 : range == "*/*" ? 1 : 0;
            if (range.ends_with("/*") && http::iequals(range.substr(0, range.size() - 1), family))
                found = 2;
            if (found == 0 || found < precision)
                continue;
            bool zero = false;
            while (!rest.empty())
                zero = is_zero_weight(take_element(rest, ';')) || zero;
            wanted = (found == precision && wanted) || !zero;
            precision = found;
        }
    }
};

} // namespace detail

/// Returns whether the media ranges of an Accept header cover `type`, such as `application/json`,
/// with a weight above zero. The most specific range counts. [RFC 9110 §12.5.1]
constexpr bool accepts_media(std::string_view accept, std::string_view type) noexcept {
    detail::acceptance said;
    said.read(accept, type);
    return said.wanted;
}

/// Returns whether the request accepts a response of `type`. Several Accept fields form one list.
/// Without a field the result is false; a caller that wants the default of [RFC 9110 §12.5.1]
/// checks for it.
inline bool accepts_media(const http::fields& headers, std::string_view type) noexcept {
    detail::acceptance said;
    for (const http::field& each : headers)
        if (http::iequals(each.name, "accept"))
            said.read(each.value, type);
    return said.wanted;
}

/// Returns whether the body of the request is unencoded, without a coding such as gzip.
/// [RFC 9110 §8.4]
inline bool has_plain_body(const http::fields& headers) noexcept {
    return std::all_of(headers.begin(), headers.end(), [](const http::field& each) {
        return !http::iequals(each.name, "content-encoding") || each.value.empty() ||
               http::iequals(each.value, "identity");
    });
}

/// Returns whether a Content-Type header names `type`, parameters aside.
constexpr bool is_media(std::string_view content_type, std::string_view type) noexcept {
    std::string_view name = content_type.substr(0, content_type.find(';'));
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return http::iequals(name, type);
}

} // namespace mcp
