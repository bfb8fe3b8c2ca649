// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/config.hpp>
#include <mcp/encoding/siphash.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// An `auth_backend` with a fixed list of tokens, for scripts and small deployments without an
/// authorization server.
///
///     mcp::static_tokens tokens;
///     tokens.add(std::getenv("ANN_TOKEN"), {.subject = "ann", .scopes = {"read"}});
///     tokens.add("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
///                {.subject = "bob"});
///     mcp::server server{"weather", "1.0", std::move(tokens)};
///
/// Only SHA-256 digests are kept, and for a token that has been used its SipHash with a random key,
/// which is faster to compare. A token can be given by its digest, so that no settings file holds a
/// secret (`printf %s "$TOKEN" | sha256sum` makes the digest). A digest does not protect a
/// guessable token: use at least 128 random bits, as `random_token(16)` does. A given token is
/// compared with every digest in constant time, so the time reveals neither a partial match nor the
/// identity of the token.
///
/// Add all tokens before the server runs.
class static_tokens {
public:
    static constexpr bool authorization_server = false;

    static_tokens();
    static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens);

    /// Adds a token, or `sha256:` and the 64 hexadecimal digits of its digest. Throws
    /// `std::invalid_argument` if the token cannot be written in a header [RFC 6750 §2.1], the
    /// digest is malformed, the token is a duplicate, or the subject is empty.
    static_tokens& add(std::string_view token, principal identity);

    /// Adds the result of `std::getenv`; throws `std::invalid_argument` if it is null.
    static_tokens& add(const char* token, principal identity);

    auth_result authenticate(const http::request& request) const;

private:
    /// The tag of a token; zero until the token has been used. A tag that one thread reads half
    /// written matches no token.
    class used_tag {
    public:
        used_tag() = default;
        used_tag(const used_tag& other) noexcept { set(other.get()); }
        used_tag& operator=(const used_tag& other) noexcept {
            set(other.get());
            return *this;
        }

        detail::siphash_tag get() const noexcept {
            return {first_.load(std::memory_order_relaxed), last_.load(std::memory_order_relaxed)};
        }
        void set(const detail::siphash_tag& tag) noexcept {
            first_.store(tag[0], std::memory_order_relaxed);
            last_.store(tag[1], std::memory_order_relaxed);
        }

    private:
        std::atomic<std::uint64_t> first_{0};
        std::atomic<std::uint64_t> last_{0};
    };

    struct entry {
        std::array<std::uint8_t, 32> digest;
        principal identity;
        mutable used_tag tag{};
    };

    const entry* find(std::string_view token) const;

    std::vector<entry> entries_;
    detail::siphash_key key_{};
};

static_assert(auth_backend<static_tokens>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/static_tokens.ipp>
#endif
