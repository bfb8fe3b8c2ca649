#pragma once

#include <mcp/auth/auth_backend.hpp>
#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/sha256.hpp>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <optional>
#include <stdexcept>
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
/// owner of the token.
///
/// Add all tokens before the server runs.
class static_tokens {
public:
    static constexpr bool authorization_server = false;

    static_tokens() = default;
    static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens) {
        for (const auto& [token, who] : tokens)
            add(token, who);
    }

    /// Adds a token, or `sha256:` and the 64 hexadecimal digits of its digest. Throws
    /// `std::invalid_argument` if the token cannot be written in a header [RFC 6750 §2.1], the
    /// digest is malformed, the token is a duplicate, or the subject is empty.
    static_tokens& add(std::string_view token, principal who) {
        const sha256_digest digest = digest_of(token);
        if (who.subject.empty())
            throw std::invalid_argument("static_tokens: a token has no subject");
        for (const entry& each : entries_)
            if (same_digest(each.digest, digest))
                throw std::invalid_argument("static_tokens: duplicate token");
        entries_.push_back({digest, std::move(who)});
        return *this;
    }

    /// Adds the result of `std::getenv`; throws `std::invalid_argument` if it is null.
    static_tokens& add(const char* token, principal who) {
        if (token == nullptr)
            throw std::invalid_argument("static_tokens: a token is not set");
        return add(std::string_view(token), std::move(who));
    }

    auth_result authenticate(const http::request& request) const {
        if (request.headers.count("authorization") > 1)
            return auth_failure{auth_failure::reason::bad_request,
                                "The Authorization header is repeated"};
        const auto given = bearer_token(request);
        if (!given)
            return auth_failure{};
        const sha256_digest digest = sha256(*given);
        const entry* found = nullptr;
        for (const entry& each : entries_)
            if (same_digest(each.digest, digest))
                found = &each;
        if (!found)
            return auth_failure{auth_failure::reason::invalid_token, "The token is not known"};
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        if (found->who.expires && *found->who.expires <= now)
            return auth_failure{auth_failure::reason::invalid_token, "The token has expired"};
        return found->who;
    }

private:
    struct entry {
        sha256_digest digest;
        principal who;
    };

    static sha256_digest digest_of(std::string_view token) {
        constexpr std::string_view hashed = "sha256:"; // a token has no colon
        if (!token.starts_with(hashed)) {
            if (!is_token(token))
                throw std::invalid_argument("static_tokens: a token may have only the characters "
                                            "A-Z a-z 0-9 - . _ ~ + /, and = at its end");
            return sha256(token);
        }
        const std::optional<std::string> bytes = from_hex(token.substr(hashed.size()));
        sha256_digest digest{};
        if (!bytes || bytes->size() != digest.size())
            throw std::invalid_argument(
                "static_tokens: sha256: must be followed by 64 hexadecimal digits");
        std::copy(bytes->begin(), bytes->end(), digest.begin());
        return digest;
    }

    static bool is_token(std::string_view text) {
        const auto padding = text.find_last_not_of('=');
        return padding != text.npos &&
               text.substr(0, padding + 1)
                       .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-._~+/") == text.npos;
    }

    std::vector<entry> entries_;
};

static_assert(auth_backend<static_tokens>);

} // namespace mcp
