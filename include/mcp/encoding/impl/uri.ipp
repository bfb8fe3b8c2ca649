// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/uri.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL void append_uri_byte(std::string& out, char c) {
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

MCP_DECL std::string normal_escapes(std::string_view uri) {
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

MCP_DECL std::string detail::without_dot_segments(std::string_view path) {
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

MCP_DECL std::string normal_uri(std::string_view uri) {
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
