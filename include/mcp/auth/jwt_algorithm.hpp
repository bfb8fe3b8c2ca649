// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcp {

/// The signature algorithm of a token. [RFC 7518 §3.1] [RFC 8037 §3.1]
enum class jwt_algorithm : std::uint8_t {
    hs256,
    hs384,
    hs512,
    rs256,
    rs384,
    rs512,
    ps256,
    ps384,
    ps512,
    es256,
    es384,
    es512,
    eddsa, ///< with Ed25519; its newer name is `Ed25519` [RFC 9864 §2.2]
};

namespace detail {

/// The kinds of keys; each algorithm belongs to exactly one.
enum class jwt_key_kind : std::uint8_t { secret, rsa, p256, p384, p521, ed25519 };

struct jwt_algorithm_row {
    std::string_view name;
    jwt_key_kind kind;
    std::size_t signature; ///< bytes; 0 for RSA, whose key determines the size
};

inline constexpr std::array<jwt_algorithm_row, 13> jwt_algorithms{{
    {"HS256", jwt_key_kind::secret, 32},
    {"HS384", jwt_key_kind::secret, 48},
    {"HS512", jwt_key_kind::secret, 64},
    {"RS256", jwt_key_kind::rsa, 0},
    {"RS384", jwt_key_kind::rsa, 0},
    {"RS512", jwt_key_kind::rsa, 0},
    {"PS256", jwt_key_kind::rsa, 0},
    {"PS384", jwt_key_kind::rsa, 0},
    {"PS512", jwt_key_kind::rsa, 0},
    {"ES256", jwt_key_kind::p256, 64},
    {"ES384", jwt_key_kind::p384, 96},
    {"ES512", jwt_key_kind::p521, 132},
    {"EdDSA", jwt_key_kind::ed25519, 64},
}};

} // namespace detail

/// Returns the name of an algorithm in a token's header.
constexpr std::string_view to_string(jwt_algorithm algorithm) noexcept {
    return detail::jwt_algorithms[static_cast<std::size_t>(algorithm)].name;
}

namespace detail {

/// Parses the case-sensitive name of an algorithm; nothing for any other name, including `none`.
constexpr std::optional<jwt_algorithm> parse_jwt_algorithm(std::string_view name) noexcept {
    const auto& rows = jwt_algorithms;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].name == name)
            return static_cast<jwt_algorithm>(i);
    if (name == "Ed25519")
        return jwt_algorithm::eddsa;
    return std::nullopt;
}

/// Returns the kind of key that an algorithm needs.
constexpr jwt_key_kind key_kind(jwt_algorithm algorithm) noexcept {
    return jwt_algorithms[static_cast<std::size_t>(algorithm)].kind;
}

/// Returns the size of a signature in bytes; 0 for RSA, where it is the size of the modulus.
constexpr std::size_t signature_size(jwt_algorithm algorithm) noexcept {
    return jwt_algorithms[static_cast<std::size_t>(algorithm)].signature;
}

} // namespace detail

} // namespace mcp
