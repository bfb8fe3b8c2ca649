#pragma once

#include <mcp/encoding/hex.hpp>

#include <algorithm>
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
inline void append_uri_byte(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4]);
    out.push_back(digits[byte & 15]);
}

namespace detail {

/// Appends a character as it is, unless it would complete a triplet after a `%` that began none.
inline void append_uri_literal(std::string& out, char c) {
    const std::size_t size = out.size();
    if (size >= 2 && out[size - 2] == '%' && hex_value(out[size - 1]) >= 0 && hex_value(c) >= 0)
        append_uri_byte(out, c);
    else
        out.push_back(c);
}

} // namespace detail

/// Returns the URI with every character in its only encoding. Characters that a URI cannot hold,
/// such as non-ASCII letters, are percent-encoded. Characters that need no encoding are decoded.
/// The digits of triplets are upper case. A `%` that begins no triplet stays and begins none in the
/// result. [RFC 3986 §6.2.2.1-2] [RFC 3987 §3.1]
inline std::string normal_escapes(std::string_view uri) {
    std::string out;
    out.reserve(uri.size());
    for (std::size_t i = 0; i < uri.size(); ++i) {
        char c = uri[i];
        if (is_uri_triplet(uri, i)) {
            c = static_cast<char>(hex_value(uri[i + 1]) * 16 + hex_value(uri[i + 2]));
            i += 2;
            if (is_uri_unreserved(c))
                detail::append_uri_literal(out, c);
            else
                append_uri_byte(out, c);
        } else if (is_uri_unreserved(c) || is_uri_reserved(c) || c == '%') {
            detail::append_uri_literal(out, c);
        } else {
            append_uri_byte(out, c);
        }
    }
    return out;
}

/// Finds the scheme and the authority of a URI. Both are empty if there is no scheme; the authority
/// is empty if no `//` follows the scheme. [RFC 3986 §3]
struct uri_front {
    std::size_t scheme = 0; ///< the end of the scheme, which begins the URI
    std::size_t host = 0;   ///< the start of the host, after user information
    std::size_t path = 0;   ///< the start of the path: the end of host and port

    constexpr explicit uri_front(std::string_view uri) noexcept {
        const std::size_t colon = uri.find(':');
        for (std::size_t i = 0; i < std::min(colon, uri.size()); ++i) {
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
        path = std::min(uri.find_first_of("/?#", path + 2), uri.size());
        const std::size_t user = uri.substr(0, path).rfind('@');
        host = user == uri.npos || user < scheme + 3 ? scheme + 3 : user + 1;
    }

    /// Returns whether case is insignificant at that place.
    constexpr bool is_caseless(std::size_t at) const noexcept {
        return at < scheme || (at >= host && at < path);
    }
};

namespace detail {

/// Removes `.` and `..` from a path that begins with a slash. [RFC 3986 §5.2.4]
inline std::string without_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/', 1), path.size());
        const std::string_view segment = path.substr(1, end - 1);
        const bool dots = segment == "." || segment == "..";
        if (segment == "..")
            out.resize(out.empty() ? 0 : out.rfind('/'));
        if (!dots)
            out.append(path.substr(0, end));
        else if (end == path.size())
            out.push_back('/');
        path.remove_prefix(end);
    }
    return out;
}

} // namespace detail

/// Returns the normal form of all URIs and IRIs that are equal by syntax: `normal_escapes`, scheme
/// and host in lower case, and a path without `.` and `..`. URIs are compared, looked up and
/// subscribed to in this form. [RFC 3986 §6.2.2]
inline std::string normal_uri(std::string_view uri) {
    std::string out = normal_escapes(uri);
    const uri_front front(out);
    for (std::size_t i = 0; i < front.path; ++i) {
        if (is_uri_triplet(out, i))
            i += 2;
        else if (front.is_caseless(i) && out[i] >= 'A' && out[i] <= 'Z')
            out[i] = static_cast<char>(out[i] + 32);
    }
    const std::size_t end = std::min(out.find_first_of("?#", front.path), out.size());
    const std::string_view path = std::string_view(out).substr(front.path, end - front.path);
    if (front.scheme != 0 && path.starts_with('/')) {
        std::string normal = detail::without_dot_segments(path);
        if (front.path == front.scheme + 1 && normal.starts_with("//"))
            normal.insert(0, "/."); // or else the path would become an authority
        out.replace(front.path, path.size(), normal);
    }
    return out;
}

} // namespace mcp
