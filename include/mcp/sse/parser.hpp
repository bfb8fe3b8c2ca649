#pragma once

#include <charconv>
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
///     parser.feed(bytes);
///     while (auto event = parser.next()) { … }
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

inline std::optional<std::string_view> parser::take_line() {
    if (after_cr_ && at_ < input_.size()) {
        at_ += input_[at_] == '\n' ? 1 : 0;
        after_cr_ = false;
    }
    if (!started_) {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        const auto head = std::string_view(input_).substr(at_, mark.size());
        if (head.size() < mark.size() && mark.starts_with(head)) {
            return std::nullopt;
        }
        at_ += head == mark ? mark.size() : 0;
        started_ = true;
    }
    const auto end = input_.find_first_of("\r\n", at_ + scanned_);
    if (end == std::string::npos) {
        scanned_ = input_.size() - at_;
        failed_ = scanned_ > limit_;
        return std::nullopt;
    }
    const auto line = std::string_view(input_).substr(at_, end - at_);
    after_cr_ = input_[end] == '\r';
    at_ = end + 1;
    scanned_ = 0;
    return line;
}

inline void parser::take_field(std::string_view line) {
    const auto colon = line.find(':');
    const auto field = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) {
        value.remove_prefix(1);
    }
    if (field == "data") {
        data_.append(has_data_ ? "\n" : "").append(value);
        has_data_ = true;
        failed_ = data_.size() > limit_;
    } else if (field == "event") {
        name_ = value;
    } else if (field == "id") {
        if (value.find('\0') == value.npos) {
            last_id_ = value;
        }
    } else if (field == "retry") {
        std::int64_t ms = 0;
        const auto* end = value.data() + value.size();
        const bool digits = value.find_first_not_of("0123456789") == value.npos;
        const auto read = std::from_chars(value.data(), end, ms);
        if (digits && read.ec == std::errc()) {
            retry_ = std::chrono::milliseconds(ms);
        }
    }
}

inline std::optional<received_event> parser::next() {
    while (!failed_) {
        const auto line = take_line();
        if (!line) {
            break;
        }
        if (!line->empty()) {
            take_field(*line);
            continue;
        }
        const bool dispatch = std::exchange(has_data_, false);
        received_event event;
        if (!name_.empty()) {
            event.name = std::exchange(name_, {});
        }
        event.data = std::exchange(data_, {});
        if (dispatch) {
            event.last_event_id = last_id_;
            return event;
        }
    }
    return std::nullopt;
}

} // namespace mcp::sse
