// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mcp {

/// A SHA-256 digest.
using sha256_digest = std::array<std::uint8_t, 32>;

/// Returns the SHA-256 digest of `data`, any bytes. Use it to name and compare values that are hard
/// to guess, such as random tokens. Passwords need a slow hash, and bulk data a faster one.
/// [FIPS 180-4 §6.2]
constexpr sha256_digest sha256(std::string_view data) noexcept;

/// Returns whether two digests are equal, in a time that does not depend on their contents.
constexpr bool same_digest(const sha256_digest& a, const sha256_digest& b) noexcept {
    unsigned different = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned>(a[i] ^ b[i]);
    return different == 0;
}

namespace detail {

/// The state of a hash, to which blocks of 64 bytes are added. [FIPS 180-4 §6.2.2]
class sha256_state {
public:
    constexpr void add(const std::array<std::uint8_t, 64>& block) noexcept {
        std::array<std::uint32_t, 64> w{};
        for (std::size_t t = 0; t < 16; ++t)
            for (std::size_t i = 0; i < 4; ++i)
                w[t] = w[t] << 8 | block[t * 4 + i];
        for (std::size_t t = 16; t < 64; ++t)
            w[t] = (std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ w[t - 2] >> 10) + w[t - 7] +
                   (std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ w[t - 15] >> 3) +
                   w[t - 16];
        auto [a, b, c, d, e, f, g, h] = words_;
        for (std::size_t t = 0; t < 64; ++t) {
            const std::uint32_t one = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                      ((e & f) ^ (~e & g)) + constants[t] + w[t];
            const std::uint32_t two = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) +
                                      ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + one;
            d = c;
            c = b;
            b = a;
            a = one + two;
        }
        const std::uint32_t last[] = {a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i)
            words_[i] += last[i];
    }

    constexpr sha256_digest digest() const noexcept {
        sha256_digest out{};
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<std::uint8_t>(words_[i / 4] >> (24 - i % 4 * 8));
        return out;
    }

private:
    static constexpr std::uint32_t constants[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2};

    std::array<std::uint32_t, 8> words_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
};

} // namespace detail

constexpr sha256_digest sha256(std::string_view data) noexcept {
    // The data is followed by one bit, zeros up to the end of a block, and the length in bits.
    const std::size_t size = data.size();
    const std::uint64_t bits = static_cast<std::uint64_t>(size) * 8;
    const std::size_t end = (size + 9 + 63) / 64 * 64;
    detail::sha256_state state;
    for (std::size_t start = 0; start < end; start += 64) {
        std::array<std::uint8_t, 64> block{};
        for (std::size_t i = 0; i < 64; ++i) {
            const std::size_t at = start + i;
            if (at < size)
                block[i] = static_cast<std::uint8_t>(data[at]);
            else if (at == size)
                block[i] = 0x80;
            else if (at >= end - 8)
                block[i] = static_cast<std::uint8_t>(bits >> (end - 1 - at) * 8);
        }
        state.add(block);
    }
    return state.digest();
}

} // namespace mcp
