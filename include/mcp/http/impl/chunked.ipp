// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/http/chunked.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mcp::http {

MCP_DECL chunked_decoder::outcome chunked_decoder::decode(char* out, const char* in,
                                                          std::size_t size, std::size_t& consumed,
                                                          std::size_t& produced) {
    consumed = produced = 0;
    while (consumed < size) {
        if (state_ == state::data) {
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(chunk_, size - consumed));
            std::memmove(out + produced, in + consumed, n);
            consumed += n;
            produced += n;
            chunk_ -= n;
            if (chunk_ == 0) {
                state_ = state::data_cr;
            }
            continue;
        }
        const outcome result = consume(in[consumed++]);
        if (result != outcome::need_more) {
            return result;
        }
    }
    return outcome::need_more;
}

MCP_DECL int chunked_decoder::hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

MCP_DECL bool chunked_decoder::is_text(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

MCP_DECL chunked_decoder::outcome chunked_decoder::count_overhead(char c) {
    return is_text(c) && ++overhead_ <= max_line_bytes ? outcome::need_more : outcome::bad;
}

MCP_DECL chunked_decoder::outcome chunked_decoder::consume(char c) {
    switch (state_) {
    case state::size_first:
    case state::size:
        if (const int digit = hex_digit(c); digit >= 0) {
            if (chunk_ >> 59 != 0) {
                return outcome::bad;
            }
            chunk_ = chunk_ * 16 + static_cast<unsigned>(digit);
            return ++overhead_ <= max_line_bytes ? advance(state::size) : outcome::bad;
        }
        if (state_ == state::size_first) {
            return outcome::bad;
        }
        if (c == '\r') {
            return advance(state::size_lf);
        }
        return c == ';' ? advance(state::extension) : outcome::bad;
    case state::extension:
        return c == '\r' ? advance(state::size_lf) : count_overhead(c);
    case state::size_lf:
        if (c != '\n') {
            return outcome::bad;
        }
        if (chunk_ == 0) {
            return advance(state::trailer_start);
        }
        if (chunk_ > left_for_body_) {
            return outcome::too_large;
        }
        left_for_body_ -= chunk_;
        // A small chunk may have a few bytes of extensions; any excess is added up.
        excess_ += overhead_;
        excess_ -= std::min(excess_, 16 + 2 * chunk_);
        if (excess_ > max_excess) {
            return outcome::bad;
        }
        overhead_ = 0;
        return advance(state::data);
    case state::data_cr:
        return c == '\r' ? advance(state::data_lf) : outcome::bad;
    case state::data_lf:
        return c == '\n' ? advance(state::size_first) : outcome::bad;
    case state::trailer_start:
        if (c == '\r') {
            return advance(state::last_lf);
        }
        // Folded lines and nameless fields are invalid here, as in the head.
        if (c == ' ' || c == '\t' || c == ':') {
            return outcome::bad;
        }
        state_ = state::trailer;
        return count_overhead(c);
    case state::trailer:
        return c == '\r' ? advance(state::trailer_lf) : count_overhead(c);
    case state::trailer_lf:
        return c == '\n' ? advance(state::trailer_start) : outcome::bad;
    case state::last_lf:
        return c == '\n' ? outcome::complete : outcome::bad;
    case state::data:
        break;
    }
    return outcome::bad;
}

} // namespace mcp::http
