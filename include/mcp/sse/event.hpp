#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::sse {

/// An event of a server-sent event stream. [WHATWG HTML §9.2]
///
/// An empty (or `nullopt`) field is not written, except `data`.
struct event {
    std::string_view data;   ///< may hold line breaks: each line becomes a `data` line
    std::string_view id{};   ///< CR, LF and NUL in it are dropped
    std::string_view name{}; ///< the event type; empty means "message"
    std::optional<std::chrono::milliseconds> retry{}; ///< delay before a client reconnects
};

namespace detail {

inline void append_line(std::string& out, std::string_view field, std::string_view value,
                        std::string_view left_out = "\r\n") {
    out += field;
    for (const char c : value) {
        if (left_out.find(c) == left_out.npos) {
            out += c;
        }
    }
    out += '\n';
}

} // namespace detail

/// Appends `data` as one or more `data` lines, without the blank line that ends the event.
inline void append_data(std::string& out, std::string_view data) {
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

/// Appends an event and its closing blank line. No value can break out of its field.
inline void append_event(std::string& out, const event& e) {
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

/// Appends a comment, which peers ignore, as a keep-alive. Drops line breaks in `text`.
inline void append_comment(std::string& out, std::string_view text = {}) {
    detail::append_line(out, text.empty() ? ":" : ": ", text);
    out += '\n';
}

} // namespace mcp::sse
