// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/limits.hpp>
#include <mcp/http/parse.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace mcp::http {

MCP_DECL void request_parser::clear_request() noexcept {
    http::request fresh;
    fresh.headers = std::move(request_.headers);
    fresh.headers.clear();
    fresh.params = std::move(request_.params);
    fresh.params.clear();
    fresh.remote = request_.remote;
    fresh.local = request_.local;
    fresh.certificate = request_.certificate;
    request_ = std::move(fresh);
}

MCP_DECL std::span<char> request_parser::prepare() {
    if (begin_ == end_ && stage_ == stage::head) {
        begin_ = end_ = scan_ = 0;
    }
    if (end_ == capacity_) {
        const std::size_t capacity = capacity_wanted();
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        move_to(larger.get(), capacity);
        buffer_ = std::move(larger);
    }
    return {buffer_.get() + end_, capacity_ - end_};
}

/// Returns the size of the buffer that replaces a full one. It grows with the received bytes, up to
/// the announced length.
MCP_DECL std::size_t request_parser::capacity_wanted() const noexcept {
    std::size_t capacity = (end_ - begin_) * 2;
    if (stage_ == stage::body) {
        capacity = std::min(capacity, body_end_ - begin_);
    }
    return std::max({first_capacity, std::min(capacity_, idle_capacity), capacity});
}

MCP_DECL void request_parser::move_to(char* to, std::size_t capacity) noexcept {
    const std::size_t gap = begin_;
    if (end_ > begin_) {
        std::memcpy(to, buffer_.get() + begin_, end_ - begin_);
    }
    if (in_body()) {
        const char* from = buffer_.get() + begin_;
        const auto moved = [&](std::string_view& v) {
            if (v.data() >= from && v.data() <= from + (end_ - begin_)) {
                v = {to + (v.data() - from), v.size()};
            }
        };
        moved(request_.method_name);
        moved(request_.target);
        moved(request_.authority);
        moved(request_.path);
        moved(request_.query);
        for (field& f : request_.headers) {
            moved(f.name);
            moved(f.value);
        }
    }
    for (std::size_t* at : {&begin_, &end_, &scan_, &body_, &body_end_, &raw_}) {
        *at -= std::min(*at, gap);
    }
    capacity_ = capacity;
}

MCP_DECL parse_state request_parser::parse() {
    const parse_state state = parse_more();
    if (state == parse_state::need_more && end_ == capacity_ && begin_ != end_ &&
        !buffer_share_.resize(capacity_wanted() - first_capacity)) {
        return fail(status::service_unavailable);
    }
    return state;
}

MCP_DECL parse_state request_parser::parse_more() {
    switch (stage_) {
    case stage::head:
        if (!find_head_end()) {
            return stage_ == stage::failed ? parse_state::failed : parse_state::need_more;
        }
        return parse_head();
    case stage::body:
        return end_ < body_end_ ? parse_state::need_more : finish(body_end_);
    case stage::chunks:
        return parse_chunks();
    case stage::complete:
        return parse_state::complete;
    case stage::failed:
        break;
    }
    return parse_state::failed;
}

/// Finds the blank line that ends the head. Refuses a bare LF, and a folded line, which Beast would
/// join, as soon as it is seen.
MCP_DECL bool request_parser::find_head_end() {
    while (scan_ < end_) {
        const char* line = buffer_.get() + scan_;
        if (scan_ == begin_ && *line == tls_handshake) {
            fail(status::bad_request); // a client that speaks TLS waits for a response
            return false;
        }
        const auto* lf = static_cast<const char*>(std::memchr(line, '\n', end_ - scan_));
        const std::size_t so_far = lf != nullptr
                                       ? static_cast<std::size_t>(lf - buffer_.get()) + 1 - begin_
                                       : end_ - begin_;
        if (so_far > limits_->head_bytes) {
            fail_long_head();
            return false;
        }
        if (lf == nullptr) {
            return false;
        }
        const bool folded = *line == ' ' || *line == '\t'; // [RFC 9112 §5.2]
        if (lf == line || lf[-1] != '\r' || folded) {
            fail(status::bad_request);
            return false;
        }
        const bool blank = lf - line == 1;
        const bool first = scan_ == begin_;
        scan_ = static_cast<std::size_t>(lf - buffer_.get()) + 1;
        if (blank && !first) {
            return true;
        }
        if (blank) {
            begin_ = scan_; // Empty lines before a request are ignored. [RFC 9112 §2.2]
        }
    }
    return false;
}

/// Refuses a head that is too long. The complete fields, such as Origin, may be needed for the
/// response, so they are parsed as if the head ended there.
MCP_DECL void request_parser::fail_long_head() {
    const bool in_first_line = scan_ == begin_;
    if (!in_first_line && end_ - scan_ >= 2) {
        std::memcpy(buffer_.get() + scan_, "\r\n", 2);
        static_cast<void>(
            read_head({buffer_.get() + begin_, scan_ + 2 - begin_}, *limits_, request_, info_));
    }
    fail(in_first_line ? status::uri_too_long : status::request_header_fields_too_large);
}

MCP_DECL parse_state request_parser::parse_head() {
    const std::string_view head(buffer_.get() + begin_, scan_ - begin_);
    const status result = read_head(head, *limits_, request_, info_);
    if (result != status::ok) {
        return fail(result);
    }
    if (info_.content_length > SIZE_MAX - scan_) { // where `limits::body_bytes` means no limit
        return fail(status::payload_too_large);
    }
    body_ = body_end_ = raw_ = scan_;
    if (info_.chunked) {
        chunks_ = chunked_decoder(limits_->body_bytes);
        stage_ = stage::chunks;
        return parse_chunks();
    }
    body_end_ += static_cast<std::size_t>(info_.content_length);
    stage_ = stage::body;
    return end_ < body_end_ ? parse_state::need_more : finish(body_end_);
}

MCP_DECL parse_state request_parser::parse_chunks() {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    char* base = buffer_.get();
    const auto result =
        chunks_.decode(base + body_end_, base + raw_, end_ - raw_, consumed, produced);
    body_end_ += produced;
    raw_ += consumed;
    switch (result) {
    case chunked_decoder::outcome::complete:
        return finish(raw_);
    case chunked_decoder::outcome::bad:
        return fail(status::bad_request);
    case chunked_decoder::outcome::too_large:
        return fail(status::payload_too_large);
    case chunked_decoder::outcome::need_more:
        break;
    }
    raw_ = end_ = body_end_; // the framing is consumed: its room is reused
    return parse_state::need_more;
}

MCP_DECL parse_state request_parser::finish(std::size_t raw_end) {
    request_.body = {buffer_.get() + body_, body_end_ - body_};
    info_.expect_continue = false;
    next_ = raw_end;
    stage_ = stage::complete;
    return parse_state::complete;
}

MCP_DECL void request_parser::next() noexcept {
    begin_ = scan_ = stage_ == stage::complete ? next_ : end_;
    stage_ = stage::head;
    clear_request();
    if (begin_ == end_ && capacity_ > idle_capacity) {
        drop_buffer();
    }
}

MCP_DECL void request_parser::release() noexcept {
    if (begin_ == end_) {
        drop_buffer();
        http::request fresh;
        fresh.remote = std::move(request_.remote);
        fresh.local = request_.local;
        fresh.certificate = request_.certificate;
        request_ = std::move(fresh);
    }
}

} // namespace mcp::http
