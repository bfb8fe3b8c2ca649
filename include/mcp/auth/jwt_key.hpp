// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/jwt_algorithm.hpp>
#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::detail {

/// A key that checks signatures of tokens: a public key, or a secret shared with the issuer. A
/// handle: copies share the key. Can be used from any thread concurrently.
class jwt_key {
public:
    /// Makes the secret of HS256, and of HS384 and HS512 if it has at least as many bytes as the
    /// hash. [RFC 7518 §3.2] Throws `std::invalid_argument` for fewer than 32 bytes. The bytes must
    /// be random, not a password.
    static jwt_key secret(std::string_view bytes);

    /// Reads the public key of a JWK [RFC 7517 §4]. Returns nothing if it cannot or must not check
    /// signatures: another type or curve, a key for encryption, RSA of less than 2048 bits [RFC
    /// 7518 §3.3], or a malformed JWK. Secrets are not accepted: a reader of the JWK could sign
    /// tokens.
    static std::optional<jwt_key> from_jwk(const json_object& jwk);

    /// Returns the name of the key; empty if it has none.
    const std::string& kid() const noexcept { return kid_; }

    jwt_key_kind kind() const noexcept { return kind_; }

    /// Returns whether the key may check signatures of the algorithm. The algorithm must be of the
    /// key's kind, match its `alg` if there is one, and not need a longer secret. [RFC 8725 §3.1]
    bool fits(jwt_algorithm algorithm) const noexcept {
        return key_kind(algorithm) == kind_ && (!only_ || *only_ == algorithm) &&
               (kind_ != jwt_key_kind::secret || size_ >= signature_size(algorithm));
    }

    /// Returns whether `token`, in compact form, is signed with this key. [RFC 7515 §5.2]
    ///
    /// `algorithm` is that of the token's header and fits; `signature` is the decoded third part.
    bool signed_by_this(std::string_view token, jwt_algorithm algorithm,
                        std::string_view signature) const;

private:
    struct material; // the key as the libraries keep it

    jwt_key() = default;
    bool take_rsa(const json_object& jwk);
    bool take_curve(const json_object& jwk);
    bool take_edwards(const json_object& jwk); // [RFC 8037 §2]

    std::string kid_;
    jwt_key_kind kind_ = jwt_key_kind::secret;
    std::optional<jwt_algorithm> only_;
    std::size_t size_ = 0; // bytes of a secret, or of the RSA modulus
    std::shared_ptr<const material> material_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwt_key.ipp>
#endif
