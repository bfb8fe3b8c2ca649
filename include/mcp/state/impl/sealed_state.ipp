// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/state/sealed_state.hpp>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

inline constexpr char seal_format = 1;
inline constexpr std::size_t seal_nonce_size = 12;
inline constexpr std::size_t seal_tag_size = 16;
inline constexpr std::size_t seal_expiry_size = 8;
inline constexpr std::size_t seal_head_size = 1 + seal_nonce_size; // format, nonce

struct free_openssl {
    void operator()(EVP_CIPHER_CTX* each) const noexcept { EVP_CIPHER_CTX_free(each); }
    void operator()(EVP_KDF* each) const noexcept { EVP_KDF_free(each); }
    void operator()(EVP_KDF_CTX* each) const noexcept { EVP_KDF_CTX_free(each); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, free_openssl>;

inline const unsigned char* as_bytes(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* as_bytes(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

/// Returns whether the size fits the `int` of OpenSSL.
inline bool fits_openssl(std::string_view text) noexcept {
    return text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) - 64;
}

inline void append_big_endian(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> shift) & 0xFF));
}
inline std::uint64_t read_big_endian(std::string_view text) noexcept {
    std::uint64_t value = 0;
    for (const char c : text)
        value = (value << 8) | static_cast<unsigned char>(c);
    return value;
}

/// Returns the associated data, which must be equal when the text is opened.
inline std::string bound_to(const state_binding& binding) {
    std::string bound(1, seal_format);
    append_big_endian(bound, binding.owner.size());
    bound += binding.owner;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(binding.request.data(), binding.request.size(), digest.data(), &size,
                   EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL has no SHA-256");
    bound.append(reinterpret_cast<const char*>(digest.data()), size);
    return bound;
}

inline std::optional<std::string> unseal(const seal_key& key, std::string_view sealed,
                                         std::string_view bound) {
    const unsigned char* const nonce = as_bytes(sealed) + 1;
    const std::string_view body =
        sealed.substr(seal_head_size, sealed.size() - seal_head_size - seal_tag_size);
    std::string tag(sealed.substr(sealed.size() - seal_tag_size));
    std::string plain(body.size(), '\0');
    const openssl_ptr<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
    int done = 0;
    if (!cipher ||
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes().data(), nonce) !=
            1 ||
        EVP_DecryptUpdate(cipher.get(), nullptr, &done, as_bytes(bound),
                          static_cast<int>(bound.size())) != 1 ||
        EVP_DecryptUpdate(cipher.get(), as_bytes(plain), &done, as_bytes(body),
                          static_cast<int>(body.size())) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(seal_tag_size),
                            tag.data()) != 1 ||
        EVP_DecryptFinal_ex(cipher.get(), as_bytes(plain) + done, &done) != 1)
        return std::nullopt;
    return plain;
}

} // namespace detail

MCP_DECL seal_key::seal_key(std::span<const std::uint8_t> bytes) {
    if (bytes.size() != size)
        throw std::invalid_argument("a seal key must have 32 bytes");
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

MCP_DECL seal_key::~seal_key() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

MCP_DECL seal_key seal_key::from_text(std::string_view secret) {
    if (secret.size() < 16)
        throw std::invalid_argument("the text of a seal key must have at least 16 characters");
    std::string text(secret);
    std::string purpose("asio-mcp sealed_state 1");
    std::string digest("SHA256");
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, text.data(), text.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, purpose.data(), purpose.size()),
        OSSL_PARAM_construct_end()};
    const detail::openssl_ptr<EVP_KDF> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const detail::openssl_ptr<EVP_KDF_CTX> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    std::array<std::uint8_t, size> derived{};
    const bool done = context && EVP_KDF_derive(context.get(), derived.data(), size, params) == 1;
    OPENSSL_cleanse(text.data(), text.size());
    if (!done)
        throw std::runtime_error("OpenSSL has no HKDF");
    seal_key key(derived);
    OPENSSL_cleanse(derived.data(), derived.size());
    return key;
}

MCP_DECL seal_key seal_key::from_text(const char* secret) {
    if (secret == nullptr)
        throw std::invalid_argument("the text of a seal key is not set");
    return from_text(std::string_view(secret));
}

MCP_DECL sealed_state::sealed_state(seal_key key, sealed_state_options options)
    : sealed_state(std::vector<seal_key>{std::move(key)}, std::move(options)) {}

MCP_DECL sealed_state::sealed_state(std::vector<seal_key> keys, sealed_state_options options)
    : keys_(std::move(keys))
    , options_(std::move(options)) {
    if (keys_.empty())
        throw std::invalid_argument("a sealed state needs at least one key");
    options_.ttl = detail::within_clocks(options_.ttl);
}

MCP_DECL std::int64_t sealed_state::seconds_now() const {
    return std::chrono::floor<std::chrono::seconds>(options_.now()).time_since_epoch().count();
}

MCP_DECL std::string sealed_state::seal(const state_binding& binding, std::string payload) const {
    const std::string bound = detail::bound_to(binding);
    std::string plain;
    plain.reserve(detail::seal_expiry_size + payload.size());
    detail::append_big_endian(plain,
                              static_cast<std::uint64_t>(seconds_now() + options_.ttl.count()));
    plain += payload;
    if (!detail::fits_openssl(plain) || !detail::fits_openssl(bound))
        throw std::runtime_error("the request state is too large to seal");

    std::string sealed(detail::seal_head_size + plain.size() + detail::seal_tag_size, '\0');
    sealed[0] = detail::seal_format;
    unsigned char* const nonce = detail::as_bytes(sealed) + 1;
    unsigned char* const body = detail::as_bytes(sealed) + detail::seal_head_size;
    fill_random({nonce, detail::seal_nonce_size});
    const detail::openssl_ptr<EVP_CIPHER_CTX> cipher(EVP_CIPHER_CTX_new());
    int done = 0;
    if (!cipher ||
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, keys_.front().bytes().data(),
                           nonce) != 1 ||
        EVP_EncryptUpdate(cipher.get(), nullptr, &done, detail::as_bytes(bound),
                          static_cast<int>(bound.size())) != 1 ||
        EVP_EncryptUpdate(cipher.get(), body, &done, detail::as_bytes(plain),
                          static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(cipher.get(), body + done, &done) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG,
                            static_cast<int>(detail::seal_tag_size), body + plain.size()) != 1)
        throw std::runtime_error("OpenSSL cannot seal the request state");
    return to_base64url(sealed);
}

MCP_DECL std::optional<std::string> sealed_state::open(const state_binding& binding,
                                                       std::string_view text) const {
    const auto sealed = from_base64url(text);
    if (!sealed ||
        sealed->size() <
            detail::seal_head_size + detail::seal_expiry_size + detail::seal_tag_size ||
        sealed->front() != detail::seal_format || !detail::fits_openssl(*sealed))
        return std::nullopt;
    const std::string bound = detail::bound_to(binding);
    for (const seal_key& key : keys_) {
        auto plain = detail::unseal(key, *sealed, bound);
        if (!plain)
            continue;
        const auto expires = static_cast<std::int64_t>(
            detail::read_big_endian(std::string_view(*plain).substr(0, detail::seal_expiry_size)));
        if (expires <= seconds_now())
            return std::nullopt;
        plain->erase(0, detail::seal_expiry_size);
        return plain;
    }
    return std::nullopt;
}

} // namespace mcp
