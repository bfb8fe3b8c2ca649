#pragma once

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::sse {

/// An event of a server-sent event stream. [WHATWG HTML §9.2]
///
/// A field that is empty (or `nullopt`) is not written, `data` apart.
struct event {
    std::string_view data;   ///< may hold line breaks: one `data` line is written for each line
    std::string_view id{};   ///< no CR, LF or NUL; what is in it is left out of the stream
    std::string_view name{}; ///< the event type; "message" is understood if there is none
    std::optional<std::chrono::milliseconds> retry{}; ///< when a client is to reconnect
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

/// Appends one event with its closing blank line. Nothing in it can break out of its field.
inline void append_event(std::string& out, const event& e) {
    if (!e.name.empty()) {
        detail::append_line(out, "event: ", e.name);
    }
    if (!e.id.empty()) {
        // A NUL would make the peer ignore the id.
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

/// Appends a comment, which peers ignore: a keep-alive. Line breaks in `text` are dropped.
inline void append_comment(std::string& out, std::string_view text = {}) {
    detail::append_line(out, text.empty() ? ":" : ": ", text);
    out += '\n';
}

} // namespace mcp::sse
