#pragma once

#include <mcp/encoding/base64.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Makes keys and tokens as an issuer does, with OpenSSL alone, so that what is made does not
/// depend on what is tested.
namespace test {

template <auto Free>
struct openssl_free {
    template <class T>
    void operator()(T* each) const noexcept {
        Free(each);
    }
};

inline std::string number_text(const BIGNUM* number, int size = 0) {
    std::string bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(number)), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(bytes.size()));
    return bytes;
}

class issuer_key {
public:
    static issuer_key rsa(unsigned bits = 2048) { return issuer_key(EVP_RSA_gen(bits), "RSA"); }
    static issuer_key curve(const char* name) { return issuer_key(EVP_EC_gen(name), name); }
    static issuer_key edwards() {
        return issuer_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), "Ed25519");
    }

    /// The public key as JWK; `more` are further members, as `"kid":"a"`.
    std::string jwk(const std::string& more = {}) const {
        std::string text;
        if (kind_ == "RSA") {
            text = R"({"kty":"RSA","n":")" + part(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
                   part(OSSL_PKEY_PARAM_RSA_E) + '"';
        } else if (kind_ == "Ed25519") {
            std::string x(32, '\0');
            std::size_t size = x.size();
            EVP_PKEY_get_raw_public_key(key_.get(), bytes(x), &size);
            text = R"({"kty":"OKP","crv":"Ed25519","x":")" + mcp::to_base64url(x) + '"';
        } else {
            text = R"({"kty":"EC","crv":")" + kind_ + R"(","x":")" +
                   part(OSSL_PKEY_PARAM_EC_PUB_X, coordinate()) + R"(","y":")" +
                   part(OSSL_PKEY_PARAM_EC_PUB_Y, coordinate()) + '"';
        }
        return text + (more.empty() ? "" : "," + more) + "}";
    }

    /// The public key as PEM.
    std::string pem() const {
        const std::unique_ptr<BIO, openssl_free<BIO_free_all>> memory(BIO_new(BIO_s_mem()));
        PEM_write_bio_PUBKEY(memory.get(), key_.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(memory.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

    /// The private key as PEM.
    std::string private_pem() const {
        const std::unique_ptr<BIO, openssl_free<BIO_free_all>> memory(BIO_new(BIO_s_mem()));
        PEM_write_bio_PrivateKey(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        char* text = nullptr;
        const long size = BIO_get_mem_data(memory.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }

    /// The signature of an algorithm as `RS256`; what the key is for decides of what is signed.
    std::string sign(std::string_view text, std::string_view algorithm) const {
        const std::unique_ptr<EVP_MD_CTX, openssl_free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
        EVP_PKEY_CTX* how = nullptr;
        const std::string hash = "SHA" + std::string(algorithm.substr(2));
        const EVP_MD* digest = kind_ == "Ed25519" ? nullptr : EVP_get_digestbyname(hash.c_str());
        EVP_DigestSignInit(context.get(), &how, digest, nullptr, key_.get());
        if (algorithm.starts_with("PS")) {
            EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
            EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST);
        }
        std::size_t size = 0;
        EVP_DigestSign(context.get(), nullptr, &size, bytes(text), text.size());
        std::string made(size, '\0');
        if (EVP_DigestSign(context.get(), bytes(made), &size, bytes(text), text.size()) != 1)
            throw std::runtime_error("OpenSSL signs nothing");
        made.resize(size);
        return coordinate() > 0 ? plain(made) : made;
    }

private:
    issuer_key(EVP_PKEY* key, std::string kind) : key_(key, EVP_PKEY_free), kind_(kind) {
        if (key == nullptr)
            throw std::runtime_error("OpenSSL makes no key");
    }

    static unsigned char* bytes(std::string& text) {
        return reinterpret_cast<unsigned char*>(text.data());
    }
    static const unsigned char* bytes(std::string_view text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    }
    int coordinate() const {
        return kind_ == "P-256" ? 32 : kind_ == "P-384" ? 48 : kind_ == "P-521" ? 66 : 0;
    }
    std::string part(const char* name, int size = 0) const {
        BIGNUM* number = nullptr;
        EVP_PKEY_get_bn_param(key_.get(), name, &number);
        const std::string text = mcp::to_base64url(number_text(number, size));
        BN_free(number);
        return text;
    }
    /// Both numbers of a signature, one behind the other. [RFC 7518 §3.4]
    std::string plain(const std::string& der) const {
        const unsigned char* at = bytes(std::string_view(der));
        const std::unique_ptr<ECDSA_SIG, openssl_free<ECDSA_SIG_free>> pair(
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
        return number_text(ECDSA_SIG_get0_r(pair.get()), coordinate()) +
               number_text(ECDSA_SIG_get0_s(pair.get()), coordinate());
    }

    std::shared_ptr<EVP_PKEY> key_;
    std::string kind_;
};

/// Header and payload as they are signed.
inline std::string signing_input(std::string_view header, std::string_view payload) {
    return mcp::to_base64url(header) + '.' + mcp::to_base64url(payload);
}

inline std::string make_token(const issuer_key& key, std::string_view algorithm,
                              std::string_view header, std::string_view payload) {
    const std::string input = signing_input(header, payload);
    return input + '.' + mcp::to_base64url(key.sign(input, algorithm));
}

inline std::string make_token(std::string_view secret, std::string_view algorithm,
                              std::string_view header, std::string_view payload) {
    const std::string input = signing_input(header, payload);
    const std::string hash = "SHA" + std::string(algorithm.substr(2));
    std::string made(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    HMAC(EVP_get_digestbyname(hash.c_str()), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(input.data()), input.size(),
         reinterpret_cast<unsigned char*>(made.data()), &size);
    made.resize(size);
    return input + '.' + mcp::to_base64url(made);
}

/// Keys that are made once, because it takes long.
inline const issuer_key& rsa_key() {
    static const issuer_key key = issuer_key::rsa();
    return key;
}
inline const issuer_key& p256_key() {
    static const issuer_key key = issuer_key::curve("P-256");
    return key;
}

} // namespace test
