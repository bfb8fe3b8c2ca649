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

/// Which Host and Origin values an endpoint accepts: the guard against DNS rebinding and against
/// pages of other sites. [MCP 2025-11-25 basic/transports, security warning]
///
/// By default a peer on this machine must name the host `localhost`, `127.0.0.1` or `[::1]` (a page
/// of a site that rebinds its name to 127.0.0.1 cannot), and a browser's Origin must be such a name
/// or the host itself. Behind a proxy on the same machine, list the public names.
struct http_policy {
    /// Host names, without port, that are accepted; `*` accepts all. Unset: the default above.
    std::optional<std::vector<std::string>> hosts{};
    /// Further names of this machine that the default accepts, such as the one that the server
    /// listens on.
    std::vector<std::string> own_names{};
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

/// Whether the list has that host; `[::1]` may be listed as `::1`.
inline bool has_name(const std::vector<std::string>& names, std::string_view host) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& each) {
        return http::iequals(each, host) ||
               (host.starts_with('[') && http::iequals(each, host.substr(1, host.size() - 2)));
    });
}

/// Whether the request's Host, or the authority of its target, is acceptable.
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

namespace detail {

/// Takes what comes before the first `separator` that is not in a quoted string off `text`, and the
/// separator; without the white space around it. [RFC 9110 §5.6.4]
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

/// Whether a parameter of a media range is a weight of nothing. [RFC 9110 §12.4.2]
constexpr bool is_zero_weight(std::string_view parameter) noexcept {
    if (parameter.size() < 3 || !http::iequals(parameter.substr(0, 2), "q="))
        return false;
    const std::string_view weight = parameter.substr(2);
    return weight == "0" ||
           (weight.starts_with("0.") && weight.find_first_not_of('0', 2) == weight.npos);
}

/// What Accept fields say of one type: the most specific range that covers it counts.
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

/// Whether the media ranges of an Accept header cover `type`, as `application/json`, with a weight
/// above zero; the most specific of them counts. [RFC 9110 §12.5.1]
constexpr bool accepts_media(std::string_view accept, std::string_view type) noexcept {
    detail::acceptance said;
    said.read(accept, type);
    return said.wanted;
}

/// Whether the request accepts a response of `type`. Several Accept fields are one list, and none
/// accepts nothing: a caller that wants the default of [RFC 9110 §12.5.1] asks for it.
inline bool accepts_media(const http::fields& headers, std::string_view type) noexcept {
    detail::acceptance said;
    for (const http::field& each : headers)
        if (http::iequals(each.name, "accept"))
            said.read(each.value, type);
    return said.wanted;
}

/// Whether the body of the request is as it is: under no coding such as gzip. [RFC 9110 §8.4]
inline bool has_plain_body(const http::fields& headers) noexcept {
    return std::all_of(headers.begin(), headers.end(), [](const http::field& each) {
        return !http::iequals(each.name, "content-encoding") || each.value.empty() ||
               http::iequals(each.value, "identity");
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
