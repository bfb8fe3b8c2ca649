// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/sse/event.hpp>

#include <charconv>
#include <string>
#include <string_view>

namespace mcp::sse::detail {

inline void append_line(std::string& out, std::string_view field, std::string_view value,
                        std::string_view dropped = "\r\n") {
    out += field;
    for (const char c : value) {
        if (dropped.find(c) == dropped.npos) {
            out += c;
        }
    }
    out += '\n';
}

} // namespace mcp::sse::detail

namespace mcp::sse {

MCP_DECL void append_data(std::string& out, std::string_view data) {
    while (true) {
        const auto end = data.find_first_of("\r\n");
        out.append("data: ").append(data.substr(0, end)) += '\n';
        if (end == data.npos) {
            return;
        }
        const bool pair = data[end] == '\r' && end + 1 < data.size() && data[end + 1] == '\n';
        data.remove_prefix(end + (pair ? 2 : 1));
    }
}

MCP_DECL void append_event(std::string& out, const event& e) {
    if (!e.name.empty()) {
        detail::append_line(out, "event: ", e.name);
    }
    if (!e.id.empty()) {
        // A peer ignores an id that contains NUL.
        detail::append_line(out, "id: ", e.id, std::string_view("\r\n\0", 3));
    }
    if (e.retry) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, e.retry->count()).ptr;
        out.append("retry: ").append(digits, end) += '\n';
    }
    append_data(out, e.data);
    out += '\n';
}

MCP_DECL void append_comment(std::string& out, std::string_view text) {
    detail::append_line(out, text.empty() ? ":" : ": ", text);
    out += '\n';
}

} // namespace mcp::sse
