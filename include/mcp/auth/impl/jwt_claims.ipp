// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/impl/whole_seconds.hpp>
#include <mcp/auth/jwt_claims.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp::detail {

using claim_time = std::optional<double>;

/// Reads an optional NumericDate of the years 1 to 9999; false if the member is not one.
inline bool read_claim_time(const json_object& claims, std::string_view name, claim_time& out) {
    const json* value = claims.if_contains(name);
    if (value == nullptr)
        return true;
    if (!value->is_number())
        return false;
    const double seconds = value->to_number<double>();
    if (!(seconds > -62135596801.0 && seconds < 253402300800.0))
        return false;
    out = seconds;
    return true;
}

/// Reads an optional string or array of strings; false if the member is neither.
inline bool read_claim_texts(const json_object& claims, std::string_view name,
                             std::vector<std::string>& out) {
    const json* value = claims.if_contains(name);
    if (value == nullptr)
        return true;
    if (const json_string* text = value->if_string()) {
        out.emplace_back(std::string_view(*text));
        return true;
    }
    const json_array* list = value->if_array();
    if (list == nullptr)
        return false;
    for (const json& each : *list) {
        if (!each.is_string())
            return false;
        out.emplace_back(std::string_view(each.get_string()));
    }
    return true;
}

/// Adds the words of the texts, without duplicates.
inline void add_scopes(std::vector<std::string>& scopes, const std::vector<std::string>& texts) {
    for (std::string_view rest : texts)
        while (!rest.empty()) {
            const auto end = std::min(rest.find(' '), rest.size());
            const std::string_view word = rest.substr(0, end);
            if (!word.empty() && std::find(scopes.begin(), scopes.end(), word) == scopes.end())
                scopes.emplace_back(word);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
}

MCP_DECL void throw_exception_from_error(const claims_failure& failure,
                                         const boost::source_location&) {
    throw std::invalid_argument{std::string(failure.sentence)};
}

MCP_DECL result<principal, claims_failure> check_claims(json_object claims,
                                                        const jwt_claims_options& options,
                                                        std::chrono::system_clock::time_point now) {
    const auto text = [&](std::string_view name) {
        const json* value = claims.if_contains(name);
        return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                      : std::string_view();
    };
    if (options.issuer.empty() || text("iss") != options.issuer)
        return claims_failure{"The token is from another issuer"};

    principal identity;
    const bool named = read_claim_texts(claims, "aud", identity.audience);
    const auto is_for_us = [&](const std::string& each) {
        const auto& ours = options.audience;
        return std::find(ours.begin(), ours.end(), each) != ours.end();
    };
    if (!named || std::none_of(identity.audience.begin(), identity.audience.end(), is_for_us))
        return claims_failure{"The token is for another audience"};

    claim_time ends;
    claim_time begins;
    claim_time issued;
    if (!read_claim_time(claims, "exp", ends) || !read_claim_time(claims, "nbf", begins) ||
        !read_claim_time(claims, "iat", issued))
        return claims_failure{"The token has an invalid time"};
    if (!ends)
        return claims_failure{"The token has no expiry time"};
    const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
    const double leeway = static_cast<double>(options.leeway.count());
    if (seconds >= *ends + leeway)
        return claims_failure{"The token has expired"};
    if ((begins && seconds < *begins - leeway) || (issued && seconds < *issued - leeway))
        return claims_failure{"The token is not valid yet"};
    identity.expires = whole_seconds(*ends);

    identity.subject = text("sub");
    if (identity.subject.empty())
        return claims_failure{"The token has no subject"};

    std::vector<std::string> scopes;
    if (!read_claim_texts(claims, "scope", scopes) || !read_claim_texts(claims, "scp", scopes))
        return claims_failure{"The token has invalid scopes"};
    add_scopes(identity.scopes, scopes);
    identity.claims = std::move(claims);
    return identity;
}

} // namespace mcp::detail
