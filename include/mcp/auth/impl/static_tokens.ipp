// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/static_tokens.hpp>
#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/encoding/sha256.hpp>
#include <mcp/http/message.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline bool is_bearer_token(std::string_view text) {
    const auto padding = text.find_last_not_of('=');
    return padding != text.npos &&
           text.substr(0, padding + 1)
                   .find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                      "0123456789-._~+/") == text.npos;
}

inline sha256_digest digest_of_token(std::string_view token) {
    constexpr std::string_view hashed = "sha256:"; // a token has no colon
    if (!token.starts_with(hashed)) {
        if (!is_bearer_token(token))
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

} // namespace detail

MCP_DECL static_tokens::static_tokens() {
    fill_random(key_);
}

MCP_DECL
static_tokens::static_tokens(std::initializer_list<std::pair<std::string, principal>> tokens)
    : static_tokens() {
    for (const auto& [token, identity] : tokens)
        add(token, identity);
}

MCP_DECL static_tokens& static_tokens::add(std::string_view token, principal identity) {
    const sha256_digest digest = detail::digest_of_token(token);
    if (identity.subject.empty())
        throw std::invalid_argument("static_tokens: a token has no subject");
    for (const entry& each : entries_)
        if (same_digest(each.digest, digest))
            throw std::invalid_argument("static_tokens: duplicate token");
    entries_.push_back({digest, std::move(identity), {}});
    return *this;
}

MCP_DECL static_tokens& static_tokens::add(const char* token, principal identity) {
    if (token == nullptr)
        throw std::invalid_argument("static_tokens: a token is not set");
    return add(std::string_view(token), std::move(identity));
}

MCP_DECL auto static_tokens::find(std::string_view token) const -> const entry* {
    const detail::siphash_tag tag = detail::siphash(key_, token);
    const entry* found = nullptr;
    for (const entry& each : entries_) {
        const detail::siphash_tag used = each.tag.get();
        if (((used[0] ^ tag[0]) | (used[1] ^ tag[1])) == 0)
            found = &each;
    }
    if (found)
        return found;
    const sha256_digest digest = sha256(token);
    for (const entry& each : entries_)
        if (same_digest(each.digest, digest))
            found = &each;
    if (found)
        found->tag.set(tag);
    return found;
}

MCP_DECL auth_result static_tokens::authenticate(const http::request& request) const {
    if (request.headers.count("authorization") > 1)
        return auth_failure{auth_failure::reason::bad_request,
                            "The Authorization header is repeated"};
    const auto given = bearer_token(request);
    if (!given)
        return auth_failure{};
    const entry* const found = find(*given);
    if (!found)
        return auth_failure{auth_failure::reason::invalid_token, "The token is not known"};
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (found->identity.expires && *found->identity.expires <= now)
        return auth_failure{auth_failure::reason::invalid_token, "The token has expired"};
    return found->identity;
}

} // namespace mcp
