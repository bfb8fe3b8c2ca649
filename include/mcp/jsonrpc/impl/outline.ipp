// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/outline.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

MCP_DECL json read_outline(std::string_view text) {
    outline_scanner scanner;
    scanner.feed(text);
    return scanner.take();
}

MCP_DECL void outline_scanner::feed(std::string_view bytes) {
    for (const char c : bytes) {
        step(c);
    }
}

MCP_DECL void outline_scanner::keep(char c) {
    constexpr std::size_t most = 1024; // for a key, an id or a method
    if (token_.size() < most) {
        token_.push_back(c);
    }
}

namespace detail {

inline bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Returns whether `c` belongs to a byte order mark.
inline bool is_mark(char c) {
    return c == '\xEF' || c == '\xBB' || c == '\xBF';
}

} // namespace detail

MCP_DECL void outline_scanner::step(char c) {
    switch (at_) {
    case place::start:
        if (!detail::is_space(c) && !detail::is_mark(c)) {
            at_ = c == '{' ? place::before_key : place::lost;
        }
        break;
    case place::before_key:
        if (c == '"') {
            token_ = c;
            at_ = place::key;
        } else if (c == '}') {
            at_ = place::end;
        } else if (c != ',' && !detail::is_space(c)) {
            at_ = place::lost;
        }
        break;
    case place::key:
        step_key(c);
        break;
    case place::colon:
        if (!detail::is_space(c)) {
            at_ = c == ':' ? place::before_value : place::lost;
        }
        break;
    case place::before_value:
        if (!detail::is_space(c)) {
            begin_value(c);
        }
        break;
    case place::value:
        step_value(c);
        break;
    case place::end:
    case place::lost:
        break;
    }
}

MCP_DECL void outline_scanner::step_key(char c) {
    keep(c);
    if (escaped_) {
        escaped_ = false;
    } else if (c == '\\') {
        escaped_ = true;
    } else if (c == '"') {
        const auto name = parse_json(token_);
        key_ = name ? std::string_view{name->get_string()} : std::string_view{};
        at_ = place::colon;
    }
}

MCP_DECL void outline_scanner::begin_value(char c) {
    token_.clear();
    depth_ = 0;
    quoted_ = escaped_ = false;
    at_ = place::value;
    step_value(c);
}

MCP_DECL void outline_scanner::step_value(char c) {
    if (quoted_) {
        quoted_ = escaped_ || c != '"';
        escaped_ = !escaped_ && c == '\\';
    } else if (c == '"') {
        quoted_ = true;
    } else if (c == '{' || c == '[') {
        ++depth_;
    } else if (depth_ != 0) {
        depth_ -= c == '}' || c == ']' ? 1 : 0;
    } else if (c == ',' || c == '}') {
        end_member();
        at_ = c == ',' ? place::before_key : place::end;
        return;
    }
    if (key_ == "id" || key_ == "method") {
        keep(c);
    }
}

MCP_DECL void outline_scanner::end_member() {
    if (key_ == "id") {
        auto value = parse_json(token_);
        id_ = ++ids_ == 1 && value ? *std::move(value) : json{};
    } else if (key_ == "method") {
        auto value = parse_json(token_);
        method_ = value ? *std::move(value) : json("");
    } else if (key_ == "result" || key_ == "error") {
        answers_ = true;
    }
}

MCP_DECL json outline_scanner::take() const {
    // The missing part of a truncated text could make it any kind of message.
    const bool known = ids_ != 0 && (!method_.is_null() || answers_);
    if (at_ != place::end && !known) {
        return {};
    }
    json_object read;
    if (ids_ != 0) {
        read.emplace("id", id_);
    }
    if (!method_.is_null()) {
        read.emplace("method", method_);
    }
    if (answers_) {
        read.emplace("result", true);
    }
    return read;
}

} // namespace mcp::jsonrpc
