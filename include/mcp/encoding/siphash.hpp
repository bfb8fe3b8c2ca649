// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mcp::detail {

/// The secret key of `siphash`: 16 random bytes.
using siphash_key = std::array<std::uint8_t, 16>;

/// A tag of 128 bits.
using siphash_tag = std::array<std::uint64_t, 2>;

/// The state of SipHash-2-4.
class siphash_state {
public:
    constexpr siphash_state(std::uint64_t k0, std::uint64_t k1) noexcept
        : v_{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261,
             k1 ^ 0x7465646279746573} {}

    constexpr void add(std::uint64_t word) noexcept {
        v_[3] ^= word;
        rounds(2);
        v_[0] ^= word;
    }

    constexpr siphash_tag tag() noexcept {
        v_[2] ^= 0xee;
        rounds(4);
        const std::uint64_t first = v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
        v_[1] ^= 0xdd;
        rounds(4);
        return {first, v_[0] ^ v_[1] ^ v_[2] ^ v_[3]};
    }

private:
    constexpr void rounds(int count) noexcept {
        auto [a, b, c, d] = v_;
        for (; count > 0; --count) {
            a += b;
            c += d;
            b = std::rotl(b, 13) ^ a;
            d = std::rotl(d, 16) ^ c;
            a = std::rotl(a, 32);
            c += b;
            a += d;
            b = std::rotl(b, 17) ^ c;
            d = std::rotl(d, 21) ^ a;
            c = std::rotl(c, 32);
        }
        v_ = {a, b, c, d};
    }

    std::array<std::uint64_t, 4> v_;
};

/// Returns the integer of up to 8 bytes, the first of which is the lowest.
template <class Bytes>
constexpr std::uint64_t little_endian(const Bytes& bytes, std::size_t from,
                                      std::size_t count = 8) noexcept {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < count; ++i)
        word |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(bytes[from + i])) << 8 * i;
    return word;
}

/// Returns the SipHash-2-4 of `data` with 128 bits: who does not know the key can neither find the
/// tag of a text, nor a text of a tag. Much faster than SHA-256. [Aumasson, Bernstein:
/// SipHash, a fast short-input PRF]
constexpr siphash_tag siphash(const siphash_key& key, std::string_view data) noexcept {
    siphash_state state(little_endian(key, 0), little_endian(key, 8));
    const std::size_t words = data.size() / 8;
    for (std::size_t i = 0; i < words; ++i)
        state.add(little_endian(data, i * 8));
    state.add(little_endian(data, words * 8, data.size() % 8) |
              static_cast<std::uint64_t>(data.size()) << 56);
    return state.tag();
}

} // namespace mcp::detail
