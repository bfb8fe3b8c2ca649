// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/client_credentials_jwt.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/json/writer.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

struct client_credentials_jwt::signer {
    using key_ptr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

    key_ptr key{nullptr, EVP_PKEY_free};
    std::string client_id;
    std::string key_id;
    clock now;
    std::string algorithm{};
    const EVP_MD* hash = nullptr;
    std::size_t coordinate = 0; ///< bytes of half a signature, for elliptic curves

    void choose() {
        const int bits = EVP_PKEY_get_bits(key.get());
        switch (EVP_PKEY_get_base_id(key.get())) {
        case EVP_PKEY_RSA:
            use(bits >= 2048 ? "RS256" : "", EVP_sha256(), 0);
            break;
        case EVP_PKEY_ED25519:
            use("EdDSA", nullptr, 0);
            break;
        case EVP_PKEY_EC:
            if (EVP_PKEY_get_bits(key.get()) == 256)
                use("ES256", EVP_sha256(), 32);
            else if (bits == 384)
                use("ES384", EVP_sha384(), 48);
            else if (bits == 521)
                use("ES512", EVP_sha512(), 66);
            break;
        default:
            break;
        }
        if (algorithm.empty())
            throw std::invalid_argument("client_credentials_jwt: no algorithm fits the key");
    }

    std::string sign(const std::string& text) const {
        const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                         EVP_MD_CTX_free);
        const auto* data = reinterpret_cast<const unsigned char*>(text.data());
        std::size_t size = 0;
        bool good = context &&
                    EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) == 1;
        std::string out(size, '\0');
        good = good && EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()),
                                      &size, data, text.size()) == 1;
        if (!good)
            throw std::runtime_error("client_credentials_jwt: the key signs nothing");
        out.resize(size);
        return coordinate == 0 ? out : plain(out);
    }

private:
    void use(const char* name, const EVP_MD* with, std::size_t half) {
        algorithm = name;
        hash = with;
        coordinate = half;
    }

    /// Makes two numbers of a signature in DER. [RFC 7518 §3.4]
    std::string plain(const std::string& der) const {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const std::unique_ptr<ECDSA_SIG, void (*)(ECDSA_SIG*)> pair(
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())), ECDSA_SIG_free);
        std::string out(2 * coordinate, '\0');
        auto* to = reinterpret_cast<unsigned char*>(out.data());
        const int half = static_cast<int>(coordinate);
        if (!pair || BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), to, half) != half ||
            BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), to + coordinate, half) != half)
            throw std::runtime_error("client_credentials_jwt: the key signs nothing");
        return out;
    }
};

MCP_DECL client_credentials_jwt::client_credentials_jwt(std::string client_id,
                                                        const std::string& private_key,
                                                        std::string key_id, clock now) {
    auto made = std::make_shared<signer>();
    made->client_id = std::move(client_id);
    made->key_id = std::move(key_id);
    made->now = std::move(now);
    const std::unique_ptr<BIO, int (*)(BIO*)> text(
        BIO_new_mem_buf(private_key.data(), static_cast<int>(private_key.size())), BIO_free);
    constexpr auto no_password = +[](char*, int, int, void*) { return -1; };
    made->key.reset(text ? PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr)
                         : nullptr);
    if (!made->key)
        throw std::invalid_argument("client_credentials_jwt: there is no private key in PEM");
    made->choose();
    signer_ = std::move(made);
}

MCP_DECL std::string client_credentials_jwt::operator()(const std::string& issuer) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(signer_->now());
    const auto now = static_cast<std::int64_t>(seconds.time_since_epoch().count());
    std::string header;
    json_writer head(header);
    head.begin_object();
    head.member("alg", std::string_view(signer_->algorithm));
    head.member("typ", std::string_view("JWT"));
    if (!signer_->key_id.empty())
        head.member("kid", std::string_view(signer_->key_id));
    head.end_object();
    std::string claims;
    json_writer body(claims);
    body.begin_object();
    body.member("iss", std::string_view(signer_->client_id));
    body.member("sub", std::string_view(signer_->client_id));
    body.member("aud", std::string_view(issuer));
    body.member("iat", now);
    body.member("exp", now + 60);
    body.member("jti", std::string_view(random_token(16)));
    body.end_object();
    const std::string text = to_base64url(header) + "." + to_base64url(claims);
    return text + "." + to_base64url(signer_->sign(text));
}

} // namespace mcp
