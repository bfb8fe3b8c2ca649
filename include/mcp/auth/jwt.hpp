#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwt_algorithm.hpp>
#include <mcp/auth/jwt_cache.hpp>
#include <mcp/auth/jwt_claims.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/json/parse.hpp>

#include <asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// Settings of `jwt`.
struct jwt_options {
    std::string issuer{}; ///< signs the tokens: `iss`, compared exactly
    /// The accepted audiences: one of these must be in `aud`, compared exactly. Usually only the
    /// URL of this server's MCP endpoint. [MCP 2026-07-28 basic/authorization]
    std::vector<std::string> audience{};
    /// The accepted algorithms; if empty, all algorithms that the keys fit. [RFC 8725 §3.1]
    std::vector<jwt_algorithm> algorithms{};
    /// The required `typ`, such as `at+jwt` [RFC 9068 §2.1]; not checked if empty. Set it if the
    /// issuer signs other kinds of tokens with the same keys. [RFC 8725 §3.11]
    std::string type{};
    std::chrono::seconds leeway{30};    ///< allowed clock difference, for exp, nbf and iat
    std::size_t token_bytes = 8 * 1024; ///< larger tokens are refused unread
    std::size_t cache_entries = 1024;   ///< good tokens whose signature is not checked again
    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// An `auth_backend` for signed tokens: JWS in compact form. [RFC 7519] [RFC 8725] [RFC 9068]
///
///     mcp::jwt auth({.issuer = "https://login.example.com/",
///                    .audience = {"https://weather.example.com/mcp"}},
///                   mcp::jwks_remote("https://login.example.com/.well-known/jwks.json"));
///     mcp::server server{"weather", "1.0", std::move(auth)};
///
/// `Keys` is a `jwt_key_source`. With `jwks`, `authenticate` is sync; with `jwks_remote`, it is
/// awaitable.
///
/// - Refuses text that is not a JWS, and encrypted tokens.
/// - Refuses an `alg` that is `none`, unknown, not allowed, or not for the kind of the key; and any
///   `crit`.
/// - Refuses other issuers, audiences and types, tokens that are expired or not yet valid, and
///   tokens without `exp` or `sub`.
/// - Ignores keys in or referenced by the header (`jwk`, `jku`, `x5c`, `x5u`). Decodes each part
///   strictly: a token has exactly one spelling.
/// - The subject is `sub`; the scopes are those of `scope` and `scp`; `principal::claims` holds all
///   claims.
/// - Good tokens are cached by digest until they expire or the keys change.
///
/// Needs cjose and OpenSSL (CMake: `asio-mcp::jwt`).
template <jwt_key_source Keys>
class jwt {
public:
    /// Throws `std::invalid_argument` without an issuer or an audience: such tokens could be meant
    /// for any server.
    jwt(jwt_options options, Keys keys)
        : options_(std::move(options))
        , claims_{options_.issuer, options_.audience, options_.leeway}
        , keys_(std::move(keys))
        , cache_(std::make_unique<jwt_cache>(options_.cache_entries)) {
        if (options_.issuer.empty() || options_.audience.empty() ||
            std::count(options_.audience.begin(), options_.audience.end(), std::string()) != 0)
            throw std::invalid_argument("jwt: issuer and audience must be set");
    }

    auto authenticate(const http::request& request) const {
        using found = decltype(keys_.keys_for(std::string(), jwt_algorithm()));
        if constexpr (is_awaitable_v<found>)
            return authenticate_later(request);
        else
            return authenticate_now(request);
    }

    /// Returns the health of the key source, if it reports health.
    health_state health() const
        requires reports_health<const Keys>
    {
        return keys_.health();
    }

private:
    /// A token with a valid header; its text is part of the request.
    struct token {
        std::string_view text;
        std::string kid;
        jwt_algorithm algorithm{};
    };

    auth_result authenticate_now(const http::request& request) const {
        const auto given = read(request);
        if (!given)
            return given.error();
        return judge(*given, keys_.keys_for(given->kid, given->algorithm));
    }

    asio::awaitable<auth_result> authenticate_later(const http::request& request) const {
        const auto given = read(request);
        if (!given)
            co_return given.error();
        const std::optional<jwks> keys = co_await keys_.keys_for(given->kid, given->algorithm);
        co_return judge(*given, keys);
    }

    static auth_failure refused(std::string_view sentence) {
        return {auth_failure::reason::invalid_token, std::string(sentence)};
    }

    result<token, auth_failure> read(const http::request& request) const;
    auth_result judge(const token& given, const std::optional<jwks>& keys) const;
    bool allowed(jwt_algorithm algorithm) const {
        const auto& all = options_.algorithms;
        return all.empty() || std::find(all.begin(), all.end(), algorithm) != all.end();
    }
    bool is_type(const json_object& header) const;

    jwt_options options_;
    jwt_claims_options claims_;
    Keys keys_;
    std::unique_ptr<jwt_cache> cache_;
};

static_assert(auth_backend<jwt<jwks>>);

template <jwt_key_source Keys>
result<typename jwt<Keys>::token, auth_failure>
jwt<Keys>::read(const http::request& request) const {
    if (request.headers.count("authorization") > 1)
        return auth_failure{auth_failure::reason::bad_request,
                            "The Authorization header is repeated"};
    const auto text = bearer_token(request);
    if (!text)
        return auth_failure{};
    if (text->size() > options_.token_bytes)
        return refused("The token is too large");
    if (std::count(text->begin(), text->end(), '.') != 2)
        return refused("The token is not a signed JWT");
    const auto decoded = from_base64url(text->substr(0, text->find('.')));
    const auto parsed = parse_json(decoded ? std::string_view(*decoded) : std::string_view());
    const json_object* header = parsed ? parsed->if_object() : nullptr;
    if (header == nullptr)
        return refused("The token is not a signed JWT");
    const auto algorithm = parse_jwt_algorithm(detail::jwk_text(*header, "alg"));
    if (!algorithm || !allowed(*algorithm))
        return refused("The signature algorithm of the token is not accepted");
    // No critical extension is supported. [RFC 7515 §4.1.11]
    if (header->contains("crit") || header->contains("enc"))
        return refused("The token requires an extension that is not supported");
    if (header->contains("kid") && !header->at("kid").is_string())
        return refused("The token is not a signed JWT");
    if (!is_type(*header))
        return refused("The type of the token is not accepted");
    return token{*text, std::string(detail::jwk_text(*header, "kid")), *algorithm};
}

/// Compares without regard to case; the prefix `application/` is optional. [RFC 7515 §4.1.9]
template <jwt_key_source Keys>
bool jwt<Keys>::is_type(const json_object& header) const {
    constexpr std::string_view prefix = "application/";
    const auto bare = [&](std::string_view type) {
        const bool whole =
            type.size() > prefix.size() && http::iequals(type.substr(0, prefix.size()), prefix);
        return whole ? type.substr(prefix.size()) : type;
    };
    return options_.type.empty() ||
           http::iequals(bare(detail::jwk_text(header, "typ")), bare(options_.type));
}

template <jwt_key_source Keys>
auth_result jwt<Keys>::judge(const token& given, const std::optional<jwks>& keys) const {
    if (!keys)
        return auth_failure{auth_failure::reason::unavailable,
                            "The keys of tokens cannot be fetched now"};
    const auto now = options_.now();
    const principal_ptr known = cache_->find(*keys, given.text);
    if (known && now < *known->expires + options_.leeway)
        return *known;
    const auto last = given.text.rfind('.');
    const auto first = given.text.find('.');
    const auto signature = from_base64url(given.text.substr(last + 1));
    const auto payload = from_base64url(given.text.substr(first + 1, last - first - 1));
    if (!signature || !payload)
        return refused("The token is not a signed JWT");
    const auto candidates = keys->candidates(given.kid, given.algorithm);
    if (candidates.empty())
        return refused("The signing key of the token is unknown");
    const bool right = std::any_of(candidates.begin(), candidates.end(), [&](const jwt_key* each) {
        return each->signed_by_this(given.text, given.algorithm, *signature);
    });
    if (!right)
        return refused("The signature of the token is invalid");
    auto parsed = parse_json(*payload);
    if (!parsed || !parsed->is_object())
        return refused("The token is not a signed JWT");
    auto who = check_claims(std::move(parsed->get_object()), claims_, now);
    if (!who)
        return refused(who.error().sentence);
    cache_->keep(*keys, given.text, std::make_shared<const principal>(*who));
    return std::move(*who);
}

} // namespace mcp
