// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>
#include <cstdint>

namespace mcp {

class json_writer;

/// The caches that may keep a response.
enum class cache_scope : std::uint8_t {
    private_, ///< only the requesting client, under the same authorization
    public_,  ///< any cache, including a shared proxy
};

/// How long a cache may keep a list or a resource [MCP 2026-07-28 server/utilities/caching]. The
/// default forbids caching.
struct cache_policy {
    constexpr cache_policy() = default;
    constexpr explicit cache_policy(std::chrono::milliseconds ttl_,
                                    cache_scope scope_ = cache_scope::private_)
        : ttl{ttl_}
        , scope{scope_} {}

    std::chrono::milliseconds ttl{0}; ///< Zero forbids caching.
    /// All pages of a list have the same scope. Only a response that does not depend on the client
    /// may be public.
    cache_scope scope = cache_scope::private_;

    friend bool operator==(const cache_policy&, const cache_policy&) = default;
};

/// Writes `ttlMs` and `cacheScope` into the current object. Writes nothing before 2026-07-28.
void write_members(json_writer& w, const cache_policy& policy, revision r);

/// Reads the caching members of a result. An absent or malformed member forbids caching.
cache_policy read_cache_policy(json_view result_value);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/caching.ipp>
#endif
