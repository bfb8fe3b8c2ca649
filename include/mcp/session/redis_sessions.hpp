// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/config.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/session/session_store.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace mcp {

/// Settings of `redis_sessions`.
struct redis_sessions_options {
    std::string prefix = "mcp:session";                    ///< keys are `prefix:id`
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
};

/// The `session_store` for several processes. Records are JSON texts in Redis 6.2 or newer; each
/// call takes one round trip. Redis expires idle sessions.
class redis_sessions {
public:
    explicit redis_sessions(redis::connection redis, redis_sessions_options options = {});

    [[nodiscard]] asio::awaitable<bool> create(session_record record);
    [[nodiscard]] asio::awaitable<session_ptr> find(std::string id);
    [[nodiscard]] asio::awaitable<bool> update(session_record record);
    [[nodiscard]] asio::awaitable<bool> replace(session_record before, session_record after);
    [[nodiscard]] asio::awaitable<bool> erase(std::string id);

    std::chrono::seconds idle_limit() const noexcept { return options_.idle; }

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    std::string key(const std::string& id) const { return options_.prefix + ':' + id; }

    redis::connection redis_;
    redis_sessions_options options_;
};

static_assert(session_store<redis_sessions>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/redis_sessions.ipp>
#endif
