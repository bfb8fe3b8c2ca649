// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/config.hpp>

#include <array>
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
/// Only SHA-256 digests are kept. A token can be given by its digest, so that no settings file
/// holds a secret (`printf %s "$TOKEN" | sha256sum` makes the digest). A digest does not protect a
/// guessable token: use at least 128 random bits, as `random_token(16)` does. A given token is
/// compared with every digest in constant time, so the time reveals neither a partial match nor the
/// identity of the token.
///
/// Add all tokens before the server runs.
class static_tokens {
public:
    static constexpr bool authorization_server = false;

    static_tokens() = default;
    static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens);

    /// Adds a token, or `sha256:` and the 64 hexadecimal digits of its digest. Throws
    /// `std::invalid_argument` if the token cannot be written in a header [RFC 6750 §2.1], the
    /// digest is malformed, the token is a duplicate, or the subject is empty.
    static_tokens& add(std::string_view token, principal identity);

    /// Adds the result of `std::getenv`; throws `std::invalid_argument` if it is null.
    static_tokens& add(const char* token, principal identity);

    auth_result authenticate(const http::request& request) const;

private:
    struct entry {
        std::array<std::uint8_t, 32> digest;
        principal identity;
    };

    std::vector<entry> entries_;
};

static_assert(auth_backend<static_tokens>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/static_tokens.ipp>
#endif
