#pragma once

#include <mcp/auth/jwks.hpp>
#include <mcp/auth/principal.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// The principal of a good token.
using principal_ptr = std::shared_ptr<const principal>;

/// Caches good tokens, so that the next request with the same token needs no signature check.
///
/// An entry is valid for the key set that checked it; another set clears the cache. The caller
/// checks the expiry. Tokens are identified by their SHA-256 digest. Holds at most `capacity`
/// entries; a full cache drops the least recently used half at once. Thread-safe.
class jwt_cache {
public:
    /// A capacity of 0 disables the cache.
    explicit jwt_cache(std::size_t capacity) : half_((capacity + 1) / 2) {}

    /// Returns the principal of a token that these keys have accepted; null if unknown.
    principal_ptr find(const jwks& keys, std::string_view token) {
        if (half_ == 0)
            return nullptr;
        const digest name = digest_of(token);
        std::lock_guard lock(mutex_);
        if (!(keys == keys_))
            return nullptr;
        if (const auto found = young_.find(name); found != young_.end())
            return found->second;
        const auto found = old_.find(name);
        if (found == old_.end())
            return nullptr;
        principal_ptr kept = found->second;
        old_.erase(found);
        add(name, kept);
        return kept;
    }

    void keep(const jwks& keys, std::string_view token, principal_ptr what) {
        if (half_ == 0)
            return;
        const digest name = digest_of(token);
        std::lock_guard lock(mutex_);
        if (!(keys == keys_)) {
            young_.clear();
            old_.clear();
            keys_ = keys;
        }
        add(name, std::move(what));
    }

    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return young_.size() + old_.size();
    }

private:
    using digest = std::array<unsigned char, 32>;
    struct first_bytes {
        std::size_t operator()(const digest& of) const noexcept {
            std::size_t value = 0;
            std::memcpy(&value, of.data(), sizeof value);
            return value;
        }
    };
    using table = std::unordered_map<digest, principal_ptr, first_bytes>;

    static digest digest_of(std::string_view token) {
        static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        digest made{};
        if (EVP_Digest(token.data(), token.size(), made.data(), nullptr, sha256, nullptr) != 1)
            throw std::runtime_error("OpenSSL has no SHA-256");
        return made;
    }

    void add(const digest& name, principal_ptr what) {
        if (young_.size() >= half_) {
            old_ = std::move(young_);
            young_ = table();
        }
        young_[name] = std::move(what);
    }

    const std::size_t half_;
    mutable std::mutex mutex_;
    jwks keys_;
    table young_;
    table old_;
};

} // namespace mcp
