// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/compression.hpp>: zlib, without I/O.

#include <mcp/http/impl/compression_choice.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <zlib.h>

namespace mcp::http::detail {

/// Sets the input of a stream to the front of `bytes`, and removes it there. zlib counts bytes in
/// 32 bits.
inline void feed(z_stream& stream, std::string_view& bytes) {
    const std::size_t taken = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // not written to
    stream.avail_in = static_cast<uInt>(taken);
    bytes.remove_prefix(taken);
}

/// Compresses a body in pieces.
class deflater {
public:
    deflater(coding format, int level) {
        const int bits = format == coding::gzip ? 15 + 16 : 15;
        const int failed = ::deflateInit2(&stream_, level, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY);
        if (failed != Z_OK) {
            throw std::bad_alloc();
        }
    }
    deflater(const deflater&) = delete;
    deflater& operator=(const deflater&) = delete;
    ~deflater() { ::deflateEnd(&stream_); }

    /// Appends what can be sent now: `Z_NO_FLUSH` may keep bytes, `Z_SYNC_FLUSH` gives all, and
    /// `Z_FINISH` ends.
    void write(std::string_view bytes, int flush, std::string& out) {
        do {
            feed(stream_, bytes);
            do {
                std::array<char, 16 * 1024> room;
                stream_.next_out = reinterpret_cast<Bytef*>(room.data());
                stream_.avail_out = static_cast<uInt>(room.size());
                ::deflate(&stream_, bytes.empty() ? flush : Z_NO_FLUSH);
                out.append(room.data(), room.size() - stream_.avail_out);
            } while (stream_.avail_out == 0);
        } while (!bytes.empty());
    }

private:
    z_stream stream_{};
};

enum class unpacked : std::uint8_t { whole, broken, too_large };

/// Unpacks a whole body of at most `most` bytes. gzip may have several members. `deflate` may lack
/// its header, as some clients send it. [RFC 9110 §8.4.1]
inline unpacked unpack(std::string_view bytes, coding format, std::size_t most, std::string& out) {
    const auto at = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    const bool has_header = (at(0) & 0x0fU) == Z_DEFLATED && (at(0) * 256 + at(1)) % 31 == 0;
    z_stream stream{};
    const int bits = format == coding::gzip ? 15 + 16 : has_header ? 15 : -15;
    if (::inflateInit2(&stream, bits) != Z_OK) {
        throw std::bad_alloc();
    }
    struct ending {
        z_stream& stream;
        ~ending() { ::inflateEnd(&stream); }
    } const end{stream};
    int state = Z_OK;
    while (state == Z_OK || (state == Z_STREAM_END && (stream.avail_in > 0 || !bytes.empty()))) {
        if (state == Z_STREAM_END) { // the next member
            if (format != coding::gzip || ::inflateReset(&stream) != Z_OK) {
                return unpacked::broken;
            }
        }
        if (stream.avail_in == 0) {
            if (bytes.empty()) {
                return unpacked::broken; // it is cut short
            }
            feed(stream, bytes);
        }
        std::array<char, 16 * 1024> room;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(room.data());
            stream.avail_out = static_cast<uInt>(room.size());
            state = ::inflate(&stream, Z_NO_FLUSH);
            const std::size_t made = room.size() - stream.avail_out;
            if (made > most - out.size()) {
                return unpacked::too_large;
            }
            out.append(room.data(), made);
        } while (state == Z_OK && stream.avail_out == 0);
        if (state == Z_BUF_ERROR) { // no progress: it needs more input
            state = Z_OK;
        }
    }
    return state == Z_STREAM_END ? unpacked::whole : unpacked::broken;
}

} // namespace mcp::http::detail
