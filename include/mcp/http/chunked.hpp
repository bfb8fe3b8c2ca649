#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mcp::http {

/// Decodes the chunked coding of a request body, in place, from pieces of any size. [RFC 9112 §7.1]
///
/// It is strict: lines end in CRLF, and sizes are plain hexadecimal. Chunk extensions and trailer
/// fields are skipped, within limits for each and for their sum. Trailer fields never reach the
/// request.
class chunked_decoder {
public:
    enum class outcome { need_more, complete, bad, too_large };

    explicit chunked_decoder(std::size_t body_limit = SIZE_MAX) : left_for_body_(body_limit) {}

    /// Decodes `[in, in + size)` and moves the data down to `out` (`out <= in`; they may overlap).
    /// Sets `consumed` and `produced`. Consumes all bytes unless the body is complete or invalid.
    outcome decode(char* out, const char* in, std::size_t size, std::size_t& consumed,
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
            const outcome o = step(in[consumed++]);
            if (o != outcome::need_more) {
                return o;
            }
        }
        return outcome::need_more;
    }

private:
    static constexpr std::size_t max_line_bytes =
        4096; // size and extensions of a chunk, or all trailers
    static constexpr std::uint64_t max_excess = 16 * 1024; // of all chunks, beyond a fair share

    enum class state : std::uint8_t {
        size_first,
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer,
        trailer_lf,
        last_lf
    };

    static int hex_digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        if (c >= 'a' && c <= 'f') {
            return c - 'a' + 10;
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    static bool is_text(char c) {
        return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    }

    outcome go(state next) {
        state_ = next;
        return outcome::need_more;
    }

    outcome over(char c) {
        return is_text(c) && ++overhead_ <= max_line_bytes ? outcome::need_more : outcome::bad;
    }

    outcome step(char c) {
        switch (state_) {
        case state::size_first:
        case state::size:
            if (const int digit = hex_digit(c); digit >= 0) {
                if (chunk_ >> 59 != 0) {
                    return outcome::bad;
                }
                chunk_ = chunk_ * 16 + static_cast<unsigned>(digit);
                return ++overhead_ <= max_line_bytes ? go(state::size) : outcome::bad;
            }
            if (state_ == state::size_first) {
                return outcome::bad;
            }
            if (c == '\r') {
                return go(state::size_lf);
            }
            return c == ';' ? go(state::extension) : outcome::bad;
        case state::extension:
            return c == '\r' ? go(state::size_lf) : over(c);
        case state::size_lf:
            if (c != '\n') {
                return outcome::bad;
            }
            if (chunk_ == 0) {
                return go(state::trailer_start);
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
            return go(state::data);
        case state::data_cr:
            return c == '\r' ? go(state::data_lf) : outcome::bad;
        case state::data_lf:
            return c == '\n' ? go(state::size_first) : outcome::bad;
        case state::trailer_start:
            if (c == '\r') {
                return go(state::last_lf);
            }
            // Folded lines and nameless fields are invalid here, as in the head.
            if (c == ' ' || c == '\t' || c == ':') {
                return outcome::bad;
            }
            state_ = state::trailer;
            return over(c);
        case state::trailer:
            return c == '\r' ? go(state::trailer_lf) : over(c);
        case state::trailer_lf:
            return c == '\n' ? go(state::trailer_start) : outcome::bad;
        case state::last_lf:
            return c == '\n' ? outcome::complete : outcome::bad;
        case state::data:
            break;
        }
        return outcome::bad;
    }

    std::uint64_t chunk_ = 0;
    std::uint64_t left_for_body_;
    std::size_t overhead_ = 0; // of this chunk
    std::uint64_t excess_ = 0; // of the previous chunks
    state state_ = state::size_first;
};

} // namespace mcp::http
