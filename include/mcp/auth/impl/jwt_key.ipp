// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/impl/jwk_text.hpp>
#include <mcp/auth/jwt_key.hpp>
#include <mcp/encoding/base64.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

/// Returns whether `use` and `key_ops` allow the key to check signatures. [RFC 7517 §4.2, §4.3]
inline bool is_for_signatures(const json_object& jwk) {
    if (jwk.contains("use") && jwk_text(jwk, "use") != "sig")
        return false;
    const json* operations = jwk.if_contains("key_ops");
    if (operations == nullptr)
        return true;
    const json_array* list = operations->if_array();
    const auto is_verify = [](const json& each) {
        return each.is_string() && std::string_view(each.get_string()) == "verify";
    };
    return list != nullptr && std::any_of(list->begin(), list->end(), is_verify);
}

inline std::shared_ptr<const cjose_jwk_t> shared_jwk(cjose_jwk_t* key) {
    ERR_clear_error(); // OpenSSL's error queue is per thread; leave it empty
    if (key == nullptr)
        return nullptr;
    return {key, [](cjose_jwk_t* each) { cjose_jwk_release(each); }};
}

/// Imports only the named public members; null if one of them is not base64url.
inline std::shared_ptr<const cjose_jwk_t>
import_jwk(std::string text, const json_object& jwk,
           std::initializer_list<std::string_view> members) {
    for (const std::string_view name : members) {
        const std::string_view value = jwk_text(jwk, name);
        if (value.empty() || !from_base64url(value))
            return nullptr;
        text.append(",\"").append(name).append("\":\"").append(value).append("\"");
    }
    text += '}';
    return shared_jwk(cjose_jwk_import(text.data(), text.size(), nullptr));
}

struct free_signing {
    void operator()(cjose_jws_t* each) const noexcept { cjose_jws_release(each); }
    void operator()(EVP_MD_CTX* each) const noexcept { EVP_MD_CTX_free(each); }
};

inline const unsigned char* octets(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct jwt_key::material {
    explicit material(std::shared_ptr<const cjose_jwk_t> key) : cjose(std::move(key)) {}
    explicit material(std::shared_ptr<EVP_PKEY> key) : edwards(std::move(key)) {}

    /// Null if there is no key.
    template <class Key>
    static std::shared_ptr<const material> of(std::shared_ptr<Key> key) {
        return key ? std::make_shared<const material>(std::move(key)) : nullptr;
    }

    std::shared_ptr<const cjose_jwk_t> cjose; // all kinds but Ed25519, which cjose lacks
    std::shared_ptr<EVP_PKEY> edwards;
};

MCP_DECL jwt_key jwt_key::secret(std::string_view bytes) {
    if (bytes.size() < signature_size(jwt_algorithm::hs256))
        throw std::invalid_argument("jwt_key: a secret must have at least 32 bytes");
    jwt_key key;
    key.size_ = bytes.size();
    key.material_ =
        material::of(shared_jwk(cjose_jwk_create_oct_spec(octets(bytes), bytes.size(), nullptr)));
    if (!key.material_)
        throw std::runtime_error("jwt_key: cjose rejects the secret");
    return key;
}

MCP_DECL std::optional<jwt_key> jwt_key::from_jwk(const json_object& jwk) {
    if (!is_for_signatures(jwk))
        return std::nullopt;
    jwt_key key;
    key.kid_ = jwk_text(jwk, "kid");
    if (jwk.contains("alg")) {
        key.only_ = parse_jwt_algorithm(jwk_text(jwk, "alg"));
        if (!key.only_)
            return std::nullopt;
    }
    const std::string_view type = jwk_text(jwk, "kty");
    const bool taken = type == "RSA"   ? key.take_rsa(jwk)
                       : type == "EC"  ? key.take_curve(jwk)
                       : type == "OKP" ? key.take_edwards(jwk)
                                       : false;
    if (!taken || (key.only_ && !key.fits(*key.only_)))
        return std::nullopt;
    return key;
}

MCP_DECL bool jwt_key::take_rsa(const json_object& jwk) {
    constexpr std::size_t least = 2048 / 8;
    constexpr std::size_t most = 8192 / 8; // larger keys only cost time
    constexpr std::size_t most_exponent = 8;
    const auto modulus = from_base64url(jwk_text(jwk, "n"));
    const auto exponent = from_base64url(jwk_text(jwk, "e"));
    if (!modulus || !exponent || exponent->size() > most_exponent)
        return false;
    const auto first = modulus->find_first_not_of('\0');
    size_ = modulus->size() - std::min(first, modulus->size());
    const bool full = size_ > 0 && ((*modulus)[first] & 0x80) != 0;
    if (size_ < least || (size_ == least && !full) || size_ > most)
        return false;
    kind_ = jwt_key_kind::rsa;
    material_ = material::of(import_jwk(R"({"kty":"RSA")", jwk, {"n", "e"}));
    return material_ != nullptr;
}

MCP_DECL bool jwt_key::take_curve(const json_object& jwk) {
    const std::string_view curve = jwk_text(jwk, "crv");
    if (curve == "P-256")
        kind_ = jwt_key_kind::p256;
    else if (curve == "P-384")
        kind_ = jwt_key_kind::p384;
    else if (curve == "P-521")
        kind_ = jwt_key_kind::p521;
    else
        return false;
    const std::string start = R"({"kty":"EC","crv":")" + std::string(curve) + '"';
    material_ = material::of(import_jwk(start, jwk, {"x", "y"}));
    return material_ != nullptr;
}

MCP_DECL bool jwt_key::take_edwards(const json_object& jwk) {
    const auto x = from_base64url(jwk_text(jwk, "x"));
    if (jwk_text(jwk, "crv") != "Ed25519" || !x)
        return false;
    kind_ = jwt_key_kind::ed25519;
    material_ = material::of(std::shared_ptr<EVP_PKEY>(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(*x), x->size()),
        EVP_PKEY_free));
    ERR_clear_error();
    return material_ != nullptr;
}

MCP_DECL bool jwt_key::signed_by_this(std::string_view token, jwt_algorithm algorithm,
                                      std::string_view signature) const {
    const std::size_t size = kind_ == jwt_key_kind::rsa ? size_ : signature_size(algorithm);
    if (!fits(algorithm) || signature.size() != size)
        return false;
    bool right = false;
    if (EVP_PKEY* const edwards = material_->edwards.get()) {
        const std::string_view text = token.substr(0, token.rfind('.'));
        const std::unique_ptr<EVP_MD_CTX, free_signing> check(EVP_MD_CTX_new());
        right = check &&
                EVP_DigestVerifyInit(check.get(), nullptr, nullptr, nullptr, edwards) == 1 &&
                EVP_DigestVerify(check.get(), octets(signature), signature.size(), octets(text),
                                 text.size()) == 1;
    } else {
        const std::unique_ptr<cjose_jws_t, free_signing> jws(
            cjose_jws_import(token.data(), token.size(), nullptr));
        right = jws && cjose_jws_verify(jws.get(), material_->cjose.get(), nullptr);
    }
    ERR_clear_error();
    return right;
}

} // namespace mcp::detail
