// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/hex.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

/// Returns whether `c` is a letter, a digit, `-`, `.`, `_` or `~`. These have the same meaning
/// percent-encoded or not. [RFC 3986 §2.3]
constexpr bool is_uri_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

/// Returns whether `c` separates the parts of a URI. Percent-encoded, it may be data inside a part.
/// [RFC 3986 §2.2]
constexpr bool is_uri_reserved(char c) noexcept {
    return std::string_view(":/?#[]@!$&'()*+,;=").find(c) != std::string_view::npos;
}

/// Returns whether `text` has a `%` and two hexadecimal digits at `at`.
constexpr bool is_uri_triplet(std::string_view text, std::size_t at) noexcept {
    return at + 2 < text.size() && text[at] == '%' && hex_value(text[at + 1]) >= 0 &&
           hex_value(text[at + 2]) >= 0;
}

/// Appends a byte as a triplet.
void append_uri_byte(std::string& out, char c);

/// Returns the URI with every character in its only encoding. Characters that a URI cannot hold,
/// such as non-ASCII letters, are percent-encoded. Characters that need no encoding are decoded.
/// The digits of triplets are upper case. A `%` that begins no triplet stays and begins none in the
/// result. [RFC 3986 §6.2.2.1-2] [RFC 3987 §3.1]
std::string normal_escapes(std::string_view uri);

/// Finds the scheme and the authority of a URI. Both are empty if there is no scheme; the authority
/// is empty if no `//` follows the scheme. [RFC 3986 §3]
struct uri_front {
    std::size_t scheme = 0; ///< the end of the scheme, which begins the URI
    std::size_t host = 0;   ///< the start of the host, after user information
    std::size_t path = 0;   ///< the start of the path: the end of host and port

    constexpr explicit uri_front(std::string_view uri) noexcept {
        const std::size_t colon = uri.find(':');
        for (std::size_t i = 0; i < colon && i < uri.size(); ++i) {
            const bool letter =
                (uri[i] >= 'a' && uri[i] <= 'z') || (uri[i] >= 'A' && uri[i] <= 'Z');
            const bool other =
                (uri[i] >= '0' && uri[i] <= '9') || uri[i] == '+' || uri[i] == '-' || uri[i] == '.';
            if (!letter && (i == 0 || !other))
                return;
        }
        if (colon == uri.npos || colon == 0)
            return;
        scheme = colon;
        host = path = colon + 1;
        if (!uri.substr(path).starts_with("//"))
            return;
        path = uri.find_first_of("/?#", path + 2);
        if (path == uri.npos)
            path = uri.size();
        const std::size_t user = uri.substr(0, path).rfind('@');
        host = user == uri.npos || user < scheme + 3 ? scheme + 3 : user + 1;
    }

    /// Returns whether case is insignificant at that place.
    constexpr bool is_caseless(std::size_t at) const noexcept {
        return at < scheme || (at >= host && at < path);
    }
};

/// Returns whether `text` is a URI with a scheme: it has only characters that a URI may hold, `%`
/// only before two hexadecimal digits, brackets only around a host, and a numeric port. [RFC 3986]
constexpr bool is_uri(std::string_view text) noexcept {
    const uri_front front{text};
    if (front.scheme == 0 || text.find('@', front.scheme) < front.host - 1)
        return false;
    bool fragment = false;
    for (std::size_t i = front.scheme + 1; i < text.size(); ++i) {
        const char c = text[i];
        const bool bracket = (c == '[' || c == ']') && (i < front.host || i >= front.path);
        if (bracket || (c == '#' && fragment) ||
            !(c == '%' ? is_uri_triplet(text, i) : is_uri_unreserved(c) || is_uri_reserved(c)))
            return false;
        fragment = fragment || c == '#';
    }
    std::string_view host = text.substr(front.host, front.path - front.host);
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        if (end == host.npos)
            return false;
        host.remove_prefix(end + 1);
        if (!host.empty() && host[0] != ':')
            return false;
    }
    const std::size_t colon = host.find(':');
    const std::string_view port = colon == host.npos ? "" : host.substr(colon + 1);
    return host.find_first_of("[]@") == host.npos &&
           port.find_first_not_of("0123456789") == port.npos;
}

/// Returns the normal form of all URIs and IRIs that are equal by syntax: `normal_escapes`, scheme
/// and host in lower case, and a path without `.` and `..`. URIs are compared, looked up and
/// subscribed to in this form. [RFC 3986 §6.2.2]
std::string normal_uri(std::string_view uri);

namespace detail {

/// Removes `.` and `..` from a path that begins with a slash. [RFC 3986 §5.2.4]
std::string without_dot_segments(std::string_view path);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/encoding/impl/uri.ipp>
#endif
