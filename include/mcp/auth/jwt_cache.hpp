// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/auth/jwks.hpp>
#include <mcp/config.hpp>
#include <mcp/fwd.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace mcp::detail {

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
    explicit jwt_cache(std::size_t capacity);
    jwt_cache(const jwt_cache&) = delete;
    jwt_cache& operator=(const jwt_cache&) = delete;
    ~jwt_cache();

    /// Returns the principal of a token that these keys have accepted; null if unknown.
    principal_ptr find(const jwks& keys, std::string_view token);

    void keep(const jwks& keys, std::string_view token, principal_ptr identity);

    std::size_t size() const;

private:
    struct tables;

    std::unique_ptr<tables> tables_; // null if disabled
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/auth/impl/jwt_cache.ipp>
#endif
