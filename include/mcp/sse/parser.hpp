// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::sse {

/// An event as a client receives it.
struct received_event {
    std::string name = "message"; ///< the event type
    std::string data;
    std::string last_event_id; ///< of this event, or inherited from an earlier event
};

/// Parses a server-sent event stream that arrives in pieces of any size. [WHATWG HTML §9.2.6]
///
///     mcp::sse::parser parser;
///     parser.feed(bytes);
///     while (auto event = parser.next())
///         use(event->data);
///
/// Lines end in CR, LF or CRLF. A byte order mark at the start and comments are skipped. An event
/// without data is not returned, but its id and its `retry` take effect.
class parser {
public:
    /// An event or a line longer than `max_event_bytes` ends the stream: see `failed`.
    explicit parser(std::size_t max_event_bytes = 16 * 1024 * 1024) : limit_(max_event_bytes) {}

    /// Adds bytes. After a failure they are ignored.
    void feed(std::string_view bytes) {
        if (!failed_) {
            input_.erase(0, std::exchange(at_, 0));
            input_ += bytes;
        }
    }

    /// Returns the next complete event, or `nullopt` if more bytes are needed.
    std::optional<received_event> next();

    /// Returns the last event id, for the `Last-Event-ID` of a reconnect; empty if there is none.
    const std::string& last_event_id() const noexcept { return last_id_; }

    /// Returns the reconnection time that the server has set last.
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

    /// Returns whether a limit was exceeded. There are no further events then.
    bool failed() const noexcept { return failed_; }

private:
    std::optional<std::string_view> take_line();
    void take_field(std::string_view line);

    std::string input_;
    std::size_t at_ = 0;      // first unread byte
    std::size_t scanned_ = 0; // bytes after `at_` known to hold no line end
    std::size_t limit_;
    std::string name_;
    std::string data_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool has_data_ = false;
    bool started_ = false;
    bool after_cr_ = false; // a LF that follows belongs to the previous line
    bool failed_ = false;
};

} // namespace mcp::sse

#ifdef MCP_BODIES
#include <mcp/sse/impl/parser.ipp>
#endif
