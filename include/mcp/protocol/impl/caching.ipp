// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/caching.hpp>
#include <mcp/protocol/revision.hpp>

#include <chrono>

namespace mcp {

MCP_DECL void write_members(json_writer& w, const cache_policy& policy, revision r) {
    if (has_caching(r)) {
        w.member("ttlMs", policy.ttl.count() < 0 ? 0 : policy.ttl.count());
        w.member("cacheScope", policy.scope == cache_scope::public_ ? "public" : "private");
    }
}

MCP_DECL cache_policy read_cache_policy(json_view result_value) {
    const json_view ttl = result_value.find("ttlMs");
    cache_policy read;
    if (ttl && ttl.kind() == json_kind::int64 && ttl.get_int64() > 0) {
        read.ttl = std::chrono::milliseconds{ttl.get_int64()};
    }
    if (result_value.find("cacheScope").if_string() == "public") {
        read.scope = cache_scope::public_;
    }
    return read;
}

} // namespace mcp
