// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/client_parser.hpp>
#include <mcp/http/head.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::http {

MCP_DECL std::span<char> response_parser::prepare() {
    // Most responses are short; larger memory is costly to allocate for each.
    constexpr std::size_t first = 1008;
    constexpr std::size_t usual = 16 * 1024;
    const bool was_filled = end_ == capacity_;
    piece_ = {};
    if (begin_ > 0 && (begin_ == end_ || was_filled)) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
        end_ -= begin_;
        scan_ -= std::min(scan_, begin_);
        begin_ = 0;
    }
    if (end_ == capacity_ || (was_filled && capacity_ < usual)) {
        const std::size_t capacity = capacity_ == 0      ? first
                                     : capacity_ < usual ? usual
                                                         : capacity_ * 2;
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (end_ > 0)
            std::memcpy(larger.get(), buffer_.get(), end_);
        buffer_ = std::move(larger);
        capacity_ = capacity;
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

MCP_DECL response_step response_parser::next() {
    piece_ = {};
    switch (stage_) {
    case stage::head:
        return find_head();
    case stage::length:
        return left_ == 0 ? complete() : take_piece(end_ - begin_);
    case stage::chunks:
        return take_chunks();
    case stage::until_close:
        return begin_ == end_ && finished_ ? complete() : take_piece(end_ - begin_);
    case stage::complete:
        return response_step::complete;
    case stage::failed:
        break;
    }
    return response_step::failed;
}

/// Returns the step for a lack of bytes.
MCP_DECL response_step response_parser::need_more() noexcept {
    if (!finished_)
        return response_step::need_more;
    cut_short_ = true;
    return fail(touched_ ? "the connection ended within the response"
                         : "the connection ended without a response");
}

/// Finds the blank line that ends the head. Refuses a bare LF, and a folded line, which Beast would
/// join, as soon as it is seen.
MCP_DECL response_step response_parser::find_head() {
    while (scan_ < end_) {
        const char* line = buffer_.get() + scan_;
        const auto* lf = static_cast<const char*>(std::memchr(line, '\n', end_ - scan_));
        const std::size_t line_end =
            lf != nullptr ? static_cast<std::size_t>(lf - buffer_.get()) + 1 : end_;
        if (line_end - begin_ > limits_.head_bytes) {
            too_large_ = true;
            return fail("the head of the response is too large");
        }
        if (lf == nullptr)
            break;
        const bool folded = *line == ' ' || *line == '\t'; // [RFC 9112 §5.2]
        if (lf == line || lf[-1] != '\r' || folded)
            return fail("the response head is not well formed");
        scan_ = line_end;
        if (lf - line > 1)
            continue;
        const std::string_view text(buffer_.get() + begin_, scan_ - begin_);
        begin_ = scan_;
        const response_step result = parse_head(text);
        if (result != response_step::need_more)
            return result;
    }
    return need_more();
}

/// Parses a head. Returns `need_more` for an interim response.
MCP_DECL response_step response_parser::parse_head(std::string_view text) {
    constexpr int most_interims = 16;
    auto kept = std::make_shared<const std::string>(text);
    response_head head;
    const std::string_view fault = read_response_head(*kept, limits_.fields, head);
    if (!fault.empty())
        return fail(fault);
    const auto code = static_cast<unsigned>(head.code);
    if (code < 200) {
        if (code == 101)
            return fail("the response switches to another protocol");
        return ++interims_ > most_interims ? fail("the server sent too many interim responses")
                                           : response_step::need_more;
    }
    response_.code = head.code;
    response_.version = head.version;
    response_.headers = std::move(head.headers);
    response_.keep(std::move(kept));
    keep_alive_ = head.keep_alive;
    if (is_response_to_head_ || code == 204 || code == 304) {
        stage_ = stage::length;
    } else if (head.chunked) {
        chunks_ = chunked_decoder();
        stage_ = stage::chunks;
    } else if (head.content_length) {
        left_ = *head.content_length;
        stage_ = stage::length;
    } else {
        left_ = std::numeric_limits<std::uint64_t>::max();
        keep_alive_ = false;
        stage_ = stage::until_close;
    }
    return response_step::head;
}

/// Takes up to `n` bytes as a piece of the body.
MCP_DECL response_step response_parser::take_piece(std::size_t n) noexcept {
    n = static_cast<std::size_t>(std::min<std::uint64_t>(n, left_));
    if (n == 0)
        return need_more();
    piece_ = {buffer_.get() + begin_, n};
    begin_ += n;
    if (stage_ == stage::length)
        left_ -= n;
    return response_step::body;
}

MCP_DECL response_step response_parser::take_chunks() {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    char* at = buffer_.get() + begin_;
    const auto outcome = chunks_.decode(at, at, end_ - begin_, consumed, produced);
    begin_ += consumed;
    const bool whole = outcome == chunked_decoder::outcome::complete;
    if (whole)
        stage_ = stage::complete;
    else if (outcome != chunked_decoder::outcome::need_more)
        fail("the chunks of the response are not well formed");
    if (produced > 0) { // bytes before the end, or before the error, come first
        piece_ = {at, produced};
        return response_step::body;
    }
    return whole                     ? response_step::complete
           : stage_ == stage::failed ? response_step::failed
                                     : need_more();
}

} // namespace mcp::http
