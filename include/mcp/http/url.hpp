#pragma once

#include <boost/url/authority_view.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/url_view.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::http {

/// Takes the percent-encoding off; `nullopt` if an escape is broken or stands for NUL.
/// `+` stays as it is: see `query_value` for forms. [RFC 3986 §2.1]
inline std::optional<std::string> percent_decode(std::string_view text) {
    if (text.find('%') == text.npos) {
        return std::string(text);
    }
    const auto view = boost::urls::make_pct_string_view(text);
    if (!view) {
        return std::nullopt;
    }
    std::string out = view->decode();
    if (out.find('\0') != out.npos) {
        return std::nullopt;
    }
    return out;
}

/// The decoded value of the first parameter `name` of a query; empty if it has no `=`.
/// `+` is a space. `nullopt` if there is none, or if the query is not well formed.
inline std::optional<std::string> query_value(std::string_view query, std::string_view name) {
    const auto parsed = boost::urls::parse_query(query);
    if (!parsed) {
        return std::nullopt;
    }
    for (const auto& parameter : *parsed) {
        boost::urls::encoding_opts form;
        form.space_as_plus = true;
        if (parameter.key.decode(form) == name) {
            return parameter.value.decode(form);
        }
    }
    return std::nullopt;
}

/// Scheme, host and port of a web origin, or (without the scheme) of a Host field.
struct origin {
    std::string scheme;     ///< lower case; empty for an authority
    std::string host;       ///< lower case, decoded, without brackets
    std::uint16_t port = 0; ///< 0 if none is given

    /// Whether the host is this machine by name or address: `localhost`, `127.0.0.0/8`, `::1`.
    bool is_loopback() const {
        return host == "localhost" || host.ends_with(".localhost") || host == "::1" ||
               (host.starts_with("127.") && boost::urls::parse_ipv4_address(host).has_value());
    }
};

namespace detail {

inline std::string lower(std::string text) {
    for (char& c : text) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return text;
}

template <class View>
origin to_origin(std::string scheme, const View& authority) {
    origin out;
    out.scheme = std::move(scheme);
    out.host = lower(authority.host_type() == boost::urls::host_type::name
                         ? std::string(authority.host())
                         : std::string(authority.host_address()));
    out.port = authority.port_number();
    return out;
}

} // namespace detail

/// Reads an Origin field such as `https://example.com:8443`. `nullopt` for `null` and for anything
/// with a path, a query or user information. [RFC 6454 §7]
inline std::optional<origin> parse_origin(std::string_view text) {
    const auto url = boost::urls::parse_uri(text);
    if (!url || !url->has_authority() || url->host().empty() || url->has_userinfo() ||
        !url->encoded_path().empty() || url->has_query() || url->has_fragment()) {
        return std::nullopt;
    }
    return detail::to_origin(detail::lower(std::string(url->scheme())), *url);
}

/// Reads a Host field such as `localhost:8000` or `[::1]`. [RFC 9110 §7.2]
inline std::optional<origin> parse_host(std::string_view text) {
    const auto authority = boost::urls::parse_authority(text);
    if (!authority || authority->has_userinfo() || authority->encoded_host().empty()) {
        return std::nullopt;
    }
    return detail::to_origin({}, *authority);
}

} // namespace mcp::http
