// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/jwks.hpp>
#include <mcp/auth/jwt_cache.hpp>
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

namespace mcp::detail {

struct jwt_cache::tables {
    using digest = std::array<unsigned char, 32>;
    struct first_bytes {
        std::size_t operator()(const digest& of) const noexcept {
            std::size_t value = 0;
            std::memcpy(&value, of.data(), sizeof value);
            return value;
        }
    };
    using table = std::unordered_map<digest, principal_ptr, first_bytes>;

    explicit tables(std::size_t capacity) : half((capacity + 1) / 2) {}

    static digest digest_of(std::string_view token) {
        static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
        digest result{};
        if (EVP_Digest(token.data(), token.size(), result.data(), nullptr, sha256, nullptr) != 1)
            throw std::runtime_error("OpenSSL has no SHA-256");
        return result;
    }

    void add(const digest& name, principal_ptr identity) {
        if (young.size() >= half) {
            old = std::move(young);
            young = table();
        }
        young[name] = std::move(identity);
    }

    const std::size_t half;
    std::mutex mutex;
    jwks keys;
    table young;
    table old;
};

MCP_DECL jwt_cache::jwt_cache(std::size_t capacity)
    : tables_(capacity == 0 ? nullptr : std::make_unique<tables>(capacity)) {}
MCP_DECL jwt_cache::~jwt_cache() = default;

MCP_DECL principal_ptr jwt_cache::find(const jwks& keys, std::string_view token) {
    if (!tables_)
        return nullptr;
    const tables::digest name = tables::digest_of(token);
    std::lock_guard lock(tables_->mutex);
    if (!(keys == tables_->keys))
        return nullptr;
    if (const auto found = tables_->young.find(name); found != tables_->young.end())
        return found->second;
    const auto found = tables_->old.find(name);
    if (found == tables_->old.end())
        return nullptr;
    principal_ptr kept = found->second;
    tables_->old.erase(found);
    tables_->add(name, kept);
    return kept;
}

MCP_DECL void jwt_cache::keep(const jwks& keys, std::string_view token, principal_ptr identity) {
    if (!tables_)
        return;
    const tables::digest name = tables::digest_of(token);
    std::lock_guard lock(tables_->mutex);
    if (!(keys == tables_->keys)) {
        tables_->young.clear();
        tables_->old.clear();
        tables_->keys = keys;
    }
    tables_->add(name, std::move(identity));
}

MCP_DECL std::size_t jwt_cache::size() const {
    if (!tables_)
        return 0;
    std::lock_guard lock(tables_->mutex);
    return tables_->young.size() + tables_->old.size();
}

} // namespace mcp::detail
