#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/jwt_key.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/result.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// The keys that check signatures of tokens: a JWK Set. [RFC 7517 §5] An immutable handle: copies
/// share the set.
///
///     mcp::jwks keys(R"({"keys": [{"kty": "EC", "kid": "2026-03", "crv": "P-256", …}]})");
class jwks {
public:
    /// Makes an empty set.
    jwks() : jwks(std::vector<jwt_key>()) {}

    /// Takes the public keys of a JWK Set, without those that cannot be used. Throws
    /// `std::invalid_argument` if the text is not a JWK Set, or has no usable key or more than 100.
    explicit jwks(std::string_view text) : jwks(parse(text).value()) {
        if (empty())
            throw std::invalid_argument("jwks: the set has no key that can verify signatures");
    }

    /// Makes a set of one secret for HS256, HS384 and HS512. See `jwt_key::secret`.
    static jwks secret(std::string_view bytes) {
        return jwks(std::vector<jwt_key>{jwt_key::secret(bytes)});
    }

    /// Parses like the constructor, without exceptions; the set may be empty. More than 100 keys
    /// are an error.
    static result<jwks, parse_error> parse(std::string_view text);

    bool empty() const noexcept { return keys_->empty(); }
    std::size_t size() const noexcept { return keys_->size(); }

    /// Returns the keys that may have signed a token with this `kid`, which may be empty. Keys with
    /// a name come first: those of this name, or all if `kid` is empty. Keys without a name follow.
    /// Returns at most four, so that a token without a name does not cost a check with each key.
    std::vector<const jwt_key*> candidates(std::string_view kid, jwt_algorithm algorithm) const;

    /// Returns whether there are `candidates`.
    bool has(std::string_view kid, jwt_algorithm algorithm) const {
        return !candidates(kid, algorithm).empty();
    }

    /// Returns the set itself: a set is its own `jwt_key_source`.
    std::optional<jwks> keys_for(std::string_view, jwt_algorithm) const { return *this; }

    /// Returns whether both are handles of the same set.
    friend bool operator==(const jwks& a, const jwks& b) noexcept { return a.keys_ == b.keys_; }

private:
    explicit jwks(std::vector<jwt_key> keys)
        : keys_(std::make_shared<const std::vector<jwt_key>>(std::move(keys))) {}

    std::shared_ptr<const std::vector<jwt_key>> keys_;
};

/// The source of keys for `jwt`. `keys_for(kid, algorithm)` returns the set that may hold the key,
/// or nothing if the source cannot be reached. It is called from any thread concurrently, may be
/// sync or awaitable, and does not throw.
template <class T>
concept jwt_key_source = requires(const T& source, std::string kid, jwt_algorithm algorithm) {
    { source.keys_for(kid, algorithm) };
    requires std::same_as<awaited_t<decltype(source.keys_for(kid, algorithm))>,
                          std::optional<jwks>>;
};

static_assert(jwt_key_source<jwks>);

inline result<jwks, parse_error> jwks::parse(std::string_view text) {
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
    std::vector<jwt_key> usable;
    for (const json& each : *list)
        if (const json_object* jwk = each.if_object())
            if (auto key = jwt_key::from_jwk(*jwk))
                usable.push_back(std::move(*key));
    return jwks(std::move(usable));
}

inline std::vector<const jwt_key*> jwks::candidates(std::string_view kid,
                                                    jwt_algorithm algorithm) const {
    constexpr std::size_t most = 4;
    std::vector<const jwt_key*> found;
    for (const bool named : {true, false})
        for (const jwt_key& each : *keys_)
            if (found.size() < most && each.fits(algorithm) && each.kid().empty() != named &&
                (kid.empty() || each.kid().empty() || each.kid() == kid))
                found.push_back(&each);
    return found;
}

} // namespace mcp
