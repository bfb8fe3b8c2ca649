// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/sse/parser.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mcp::sse {

MCP_DECL std::optional<std::string_view> parser::take_line() {
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

MCP_DECL void parser::take_field(std::string_view line) {
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

MCP_DECL std::optional<received_event> parser::next() {
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
