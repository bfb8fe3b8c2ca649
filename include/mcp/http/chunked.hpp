// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <cstdint>

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
                   std::size_t& produced);

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

    static int hex_digit(char c);

    static bool is_text(char c);

    outcome advance(state next) {
        state_ = next;
        return outcome::need_more;
    }

    outcome count_overhead(char c);

    outcome consume(char c);

    std::uint64_t chunk_ = 0;
    std::uint64_t left_for_body_;
    std::size_t overhead_ = 0; // of this chunk
    std::uint64_t excess_ = 0; // of the previous chunks
    state state_ = state::size_first;
};

} // namespace mcp::http

#ifdef MCP_BODIES
#include <mcp/http/impl/chunked.ipp>
#endif
