// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/impl/jwk_text.hpp>
#include <mcp/auth/jwt.hpp>
#include <mcp/auth/jwt_cache.hpp>
#include <mcp/auth/jwt_claims.hpp>
#include <mcp/auth/jwt_key.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

struct jwt_checks::state {
    explicit state(jwt_options o)
        : options(std::move(o))
        , claims{options.issuer, options.audience, options.leeway}
        , cache(options.cache_entries) {}

    bool allowed(jwt_algorithm algorithm) const {
        const auto& all = options.algorithms;
        return all.empty() || std::find(all.begin(), all.end(), algorithm) != all.end();
    }

    /// Compares without regard to case; the prefix `application/` is optional. [RFC 7515 §4.1.9]
    bool is_type(const json_object& header) const {
        constexpr std::string_view prefix = "application/";
        const auto bare = [&](std::string_view type) {
            const bool whole =
                type.size() > prefix.size() && http::iequals(type.substr(0, prefix.size()), prefix);
            return whole ? type.substr(prefix.size()) : type;
        };
        return options.type.empty() ||
               http::iequals(bare(jwk_text(header, "typ")), bare(options.type));
    }

    const jwt_options options;
    const jwt_claims_options claims;
    jwt_cache cache;
};

inline auth_failure jwt_refused(std::string_view sentence) {
    return {auth_failure::reason::invalid_token, std::string(sentence)};
}

MCP_DECL jwt_checks::jwt_checks(jwt_options options)
    : state_(std::make_unique<state>(std::move(options))) {
    const std::vector<std::string>& audience = state_->options.audience;
    if (state_->options.issuer.empty() || audience.empty() ||
        std::count(audience.begin(), audience.end(), std::string()) != 0)
        throw std::invalid_argument("jwt: issuer and audience must be set");
}
MCP_DECL jwt_checks::jwt_checks(jwt_checks&&) noexcept = default;
MCP_DECL jwt_checks& jwt_checks::operator=(jwt_checks&&) noexcept = default;
MCP_DECL jwt_checks::~jwt_checks() = default;

MCP_DECL result<jwt_token, auth_failure> jwt_checks::read(const http::request& request) const {
    if (request.headers.count("authorization") > 1)
        return auth_failure{auth_failure::reason::bad_request,
                            "The Authorization header is repeated"};
    const auto text = bearer_token(request);
    if (!text)
        return auth_failure{};
    if (text->size() > state_->options.token_bytes)
        return jwt_refused("The token is too large");
    if (std::count(text->begin(), text->end(), '.') != 2)
        return jwt_refused("The token is not a signed JWT");
    const auto decoded = from_base64url(text->substr(0, text->find('.')));
    const auto parsed = parse_json(decoded ? std::string_view(*decoded) : std::string_view());
    const json_object* header = parsed ? parsed->if_object() : nullptr;
    if (header == nullptr)
        return jwt_refused("The token is not a signed JWT");
    const auto algorithm = parse_jwt_algorithm(jwk_text(*header, "alg"));
    if (!algorithm || !state_->allowed(*algorithm))
        return jwt_refused("The signature algorithm of the token is not accepted");
    // No critical extension is supported. [RFC 7515 §4.1.11]
    if (header->contains("crit") || header->contains("enc"))
        return jwt_refused("The token requires an extension that is not supported");
    if (header->contains("kid") && !header->at("kid").is_string())
        return jwt_refused("The token is not a signed JWT");
    if (!state_->is_type(*header))
        return jwt_refused("The type of the token is not accepted");
    return jwt_token{*text, std::string(jwk_text(*header, "kid")), *algorithm};
}

MCP_DECL auth_result jwt_checks::judge(const jwt_token& given,
                                       const std::optional<jwks>& keys) const {
    if (!keys)
        return auth_failure{auth_failure::reason::unavailable,
                            "The keys of tokens cannot be fetched now"};
    const auto now = state_->options.now();
    const principal_ptr known = state_->cache.find(*keys, given.text);
    if (known && now < *known->expires + state_->options.leeway)
        return *known;
    const auto last = given.text.rfind('.');
    const auto first = given.text.find('.');
    const auto signature = from_base64url(given.text.substr(last + 1));
    const auto payload = from_base64url(given.text.substr(first + 1, last - first - 1));
    if (!signature || !payload)
        return jwt_refused("The token is not a signed JWT");
    const auto candidates = keys->candidates(given.kid, given.algorithm);
    if (candidates.empty())
        return jwt_refused("The signing key of the token is unknown");
    const bool right = std::any_of(candidates.begin(), candidates.end(), [&](const jwt_key* each) {
        return each->signed_by_this(given.text, given.algorithm, *signature);
    });
    if (!right)
        return jwt_refused("The signature of the token is invalid");
    auto parsed = parse_json(*payload);
    if (!parsed || !parsed->is_object())
        return jwt_refused("The token is not a signed JWT");
    auto identity = check_claims(std::move(parsed->get_object()), state_->claims, now);
    if (!identity)
        return jwt_refused(identity.error().sentence);
    state_->cache.keep(*keys, given.text, std::make_shared<const principal>(*identity));
    return std::move(*identity);
}

} // namespace mcp::detail
