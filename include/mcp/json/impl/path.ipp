// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/json/path.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

MCP_DECL std::string quoted_excerpt(std::string_view text) {
    constexpr std::size_t most = 64;
    std::string out = "\"";
    std::string_view shown = text.substr(0, most);
    // A cut inside a character removes the whole character.
    while (shown.size() < text.size() && !shown.empty() &&
           (static_cast<unsigned char>(text[shown.size()]) & 0xC0) == 0x80) {
        shown.remove_suffix(1);
    }
    append_utf8_repaired(out, shown);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c >= 0 && (c < 0x20 || c == 0x7F); }, '?');
    out += shown.size() < text.size() ? "...\"" : "\"";
    return out;
}

namespace detail {

/// Returns whether `key` is readable after a dot.
inline bool is_plain_key(std::string_view key) {
    constexpr std::size_t most = 64;
    return !key.empty() && key.size() <= most && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '$' || c == '/';
    });
}

inline void append_step(std::string& out, const json_path& step) {
    if (step.key.data() == nullptr) {
        out.append("[").append(std::to_string(step.index)).append("]");
    } else if (is_plain_key(step.key)) {
        out.append(out.empty() ? "" : ".").append(step.key);
    } else {
        out.append("[").append(quoted_excerpt(step.key)).append("]");
    }
}

} // namespace detail

MCP_DECL std::string render_path(std::string_view root, const json_path* path) {
    std::string out{root};
    const auto walk = [&](auto& self, const json_path* step) -> void {
        if (step != nullptr) {
            self(self, step->parent);
            detail::append_step(out, *step);
        }
    };
    walk(walk, path);
    return out;
}

MCP_DECL std::string join_paths(std::string root, std::string_view path) {
    if (!root.empty() && !path.empty() && path.front() != '[') {
        root += '.';
    }
    return root.append(path);
}

} // namespace mcp
