#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>
#include <cstdint>

namespace mcp {

/// Who may keep a cached answer.
enum class cache_scope : std::uint8_t {
    private_, ///< only the client that asked, under the same authorization
    public_,  ///< anybody, a shared proxy as well
};

/// How long a list or a resource may be taken from a cache
/// [MCP 2026-07-28 server/utilities/caching]. The default is: not at all.
struct cache_policy {
    constexpr cache_policy() = default;
    constexpr explicit cache_policy(std::chrono::milliseconds ttl_,
                                    cache_scope scope_ = cache_scope::private_)
        : ttl{ttl_}
        , scope{scope_} {}

    std::chrono::milliseconds ttl{0};
    /// The same on all pages of a list. Only what does not depend on who asks may be public.
    cache_scope scope = cache_scope::private_;

    friend bool operator==(const cache_policy&, const cache_policy&) = default;
};

/// Writes `ttlMs` and `cacheScope` into the object that is being written; nothing before
/// 2026-07-28.
inline void write_members(json_writer& w, const cache_policy& policy, revision r) {
    if (has_caching(r)) {
        w.member("ttlMs", policy.ttl.count() < 0 ? 0 : policy.ttl.count());
        w.member("cacheScope", policy.scope == cache_scope::public_ ? "public" : "private");
    }
}

/// Reads both members of a result; what is absent or malformed means: do not cache.
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
