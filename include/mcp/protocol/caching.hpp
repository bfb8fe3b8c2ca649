#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>
#include <cstdint>

namespace mcp {

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

    std::chrono::milliseconds ttl{0};
    /// All pages of a list have the same scope. Only a response that does not depend on the client
    /// may be public.
    cache_scope scope = cache_scope::private_;

    friend bool operator==(const cache_policy&, const cache_policy&) = default;
};

/// Writes `ttlMs` and `cacheScope` into the current object. Writes nothing before 2026-07-28.
inline void write_members(json_writer& w, const cache_policy& policy, revision r) {
    if (has_caching(r)) {
        w.member("ttlMs", policy.ttl.count() < 0 ? 0 : policy.ttl.count());
        w.member("cacheScope", policy.scope == cache_scope::public_ ? "public" : "private");
    }
}

/// Reads the caching members of a result. An absent or malformed member forbids caching.
inline cache_policy read_cache_policy(const json& result_value) {
    const json_object* object = result_value.if_object();
    const json* ttl = object ? object->if_contains("ttlMs") : nullptr;
    const json* scope = object ? object->if_contains("cacheScope") : nullptr;
    cache_policy read;
    if (ttl && ttl->is_int64() && ttl->get_int64() > 0) {
        read.ttl = std::chrono::milliseconds{ttl->get_int64()};
    }
    if (scope && scope->is_string() && scope->get_string() == "public") {
        read.scope = cache_scope::public_;
    }
    return read;
}

} // namespace mcp
