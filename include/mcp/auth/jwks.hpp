// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/auth/jwt_algorithm.hpp>
#include <mcp/config.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/result.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

namespace detail {
class jwt_key; // <mcp/auth/jwt_key.hpp>
} // namespace detail

/// The keys that check signatures of tokens: a JWK Set. [RFC 7517 §5] An immutable handle: copies
/// share the set.
///
///     mcp::jwks keys(read_file("/etc/weather/keys.json"));
class jwks {
public:
    /// Makes an empty set.
    jwks();

    /// Takes the public keys of a JWK Set, without those that cannot be used. Throws
    /// `std::invalid_argument` if the text is not a JWK Set, or has no usable key or more than 100.
    explicit jwks(std::string_view text);

    /// Makes a set of one secret for HS256, HS384 and HS512. See `jwt_key::secret`.
    static jwks secret(std::string_view bytes);

    /// Parses like the constructor, without exceptions; the set may be empty. More than 100 keys
    /// are an error.
    static result<jwks, parse_error> parse(std::string_view text);

    bool empty() const noexcept { return size() == 0; }
    std::size_t size() const noexcept;

    /// Returns the keys that may have signed a token with this `kid`, which may be empty. Keys with
    /// a name come first: those of this name, or all if `kid` is empty. Keys without a name follow.
    /// Returns at most four, so that a token without a name does not cost a check with each key.
    std::vector<const detail::jwt_key*> candidates(std::string_view kid,
                                                   jwt_algorithm algorithm) const;

    /// Returns whether there are `candidates`.
    bool has(std::string_view kid, jwt_algorithm algorithm) const {
        return !candidates(kid, algorithm).empty();
    }

    /// Returns the set itself: a set is its own `jwt_key_source`.
    std::optional<jwks> keys_for(std::string_view, jwt_algorithm) const { return *this; }

    /// Returns whether both are handles of the same set.
    friend bool operator==(const jwks& a, const jwks& b) noexcept { return a.keys_ == b.keys_; }

private:
    explicit jwks(std::vector<detail::jwt_key> keys);

    std::shared_ptr<const std::vector<detail::jwt_key>> keys_;
};

/// The source of keys for `jwt`. `keys_for(kid, algorithm)` returns the set that may hold the key,
/// or nothing if the source cannot be reached. It is called from any thread concurrently, may be
/// sync or awaitable, and does not throw.
template <class T>
concept jwt_key_source = requires(const T& source, std::string kid, jwt_algorithm algorithm) {
    { source.keys_for(kid, algorithm) };
    requires std::same_as<detail::awaited_t<decltype(source.keys_for(kid, algorithm))>,
                          std::optional<jwks>>;
};

static_assert(jwt_key_source<jwks>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwks.ipp>
#endif
