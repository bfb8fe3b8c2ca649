// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwt_key.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL jwks::jwks() : jwks(std::vector<detail::jwt_key>()) {}

MCP_DECL jwks::jwks(std::string_view text) : jwks(parse(text).value()) {
    if (empty())
        throw std::invalid_argument("jwks: the set has no key that can verify signatures");
}

MCP_DECL jwks::jwks(std::vector<detail::jwt_key> keys)
    : keys_(std::make_shared<const std::vector<detail::jwt_key>>(std::move(keys))) {}

MCP_DECL jwks jwks::secret(std::string_view bytes) {
    return jwks(std::vector<detail::jwt_key>{detail::jwt_key::secret(bytes)});
}

MCP_DECL std::size_t jwks::size() const noexcept {
    return keys_->size();
}

MCP_DECL result<jwks, parse_error> jwks::parse(std::string_view text) {
    constexpr std::size_t most = 100;
    const auto parsed = parse_json(text);
    if (!parsed)
        return parsed.error();
    const json_object* set = parsed->if_object();
    const json* keys = set == nullptr ? nullptr : set->if_contains("keys");
    const json_array* list = keys == nullptr ? nullptr : keys->if_array();
    if (list == nullptr)
        return parse_error("expected an object with an array \"keys\"", 0);
    if (list->size() > most)
        return parse_error("expected at most 100 keys", 0);
    std::vector<detail::jwt_key> usable;
    for (const json& each : *list)
        if (const json_object* jwk = each.if_object())
            if (auto key = detail::jwt_key::from_jwk(*jwk))
                usable.push_back(std::move(*key));
    return jwks(std::move(usable));
}

MCP_DECL std::vector<const detail::jwt_key*> jwks::candidates(std::string_view kid,
                                                              jwt_algorithm algorithm) const {
    constexpr std::size_t most = 4;
    std::vector<const detail::jwt_key*> found;
    for (const bool named : {true, false})
        for (const detail::jwt_key& each : *keys_)
            if (found.size() < most && each.fits(algorithm) && each.kid().empty() != named &&
                (kid.empty() || each.kid().empty() || each.kid() == kid))
                found.push_back(&each);
    return found;
}

} // namespace mcp
