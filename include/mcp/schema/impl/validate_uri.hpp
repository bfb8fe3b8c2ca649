// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::schema::validation {

/// A URI without its fragment, and the fragment without percent-encoding.
struct split_uri {
    std::string_view absolute;
    std::string fragment;
};

inline split_uri split_fragment(std::string_view uri) {
    const std::size_t hash = uri.find('#');
    split_uri parts{uri.substr(0, hash), {}};
    if (hash != std::string_view::npos) {
        const std::string_view encoded = uri.substr(hash + 1);
        for (std::size_t at = 0; at < encoded.size(); ++at) {
            if (encoded[at] == '%' && at + 2 < encoded.size() && hex_value(encoded[at + 1]) >= 0 &&
                hex_value(encoded[at + 2]) >= 0) {
                parts.fragment.push_back(static_cast<char>(hex_value(encoded[at + 1]) * 16 +
                                                           hex_value(encoded[at + 2])));
                at += 2;
            } else {
                parts.fragment.push_back(encoded[at]);
            }
        }
    }
    return parts;
}

/// Returns where the path of a URI starts, after "scheme:" and "//authority"; 0 for a relative
/// reference.
inline std::size_t path_start(std::string_view uri) {
    const std::size_t colon = uri.find_first_of(":/?#");
    const std::size_t scheme = colon != std::string_view::npos && uri[colon] == ':' ? colon + 1 : 0;
    if (uri.substr(scheme).starts_with("//")) {
        const std::size_t slash = uri.find('/', scheme + 2);
        return slash == std::string_view::npos ? uri.size() : slash;
    }
    return scheme;
}

/// Resolves `reference` against `base`, both without fragment [RFC 3986 §5.2]; queries are not
/// merged.
inline std::string resolve_uri(std::string_view base, std::string_view reference) {
    if (reference.empty()) {
        return std::string{base};
    }
    const std::size_t own_path = path_start(reference);
    if (own_path != 0 && !reference.starts_with("//")) {
        return std::string{reference};
    }
    const std::size_t base_path = path_start(base);
    if (reference.starts_with("//")) {
        return std::string{base.substr(0, base.find("//"))}.append(reference);
    }
    std::string path{reference};
    if (!reference.starts_with('/')) {
        const std::size_t slash = base.rfind('/');
        if (slash != std::string_view::npos && slash >= base_path) {
            path.insert(0, base.substr(base_path, slash + 1 - base_path));
        } else if (base_path == base.size() && base_path != 0) {
            path.insert(0, "/");
        }
    }
    for (std::size_t at = path.find("/./"); at != std::string::npos; at = path.find("/./")) {
        path.erase(at, 2);
    }
    for (std::size_t at = path.find("/../"); at != std::string::npos; at = path.find("/../")) {
        const std::size_t parent = at == 0 ? std::string::npos : path.rfind('/', at - 1);
        const std::size_t from = parent == std::string::npos ? 0 : parent;
        path.erase(from, at + 3 - from);
    }
    return std::string{base.substr(0, base_path)}.append(path);
}

} // namespace mcp::schema::validation
