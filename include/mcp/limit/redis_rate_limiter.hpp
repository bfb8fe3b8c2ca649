// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/health_state.hpp>
#include <mcp/config.hpp>
#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>

#include <string>

namespace mcp {

/// The algorithm of a `redis_rate_limiter`; see the classes of these names.
enum class rate_algorithm { fixed_window, sliding_window, token_bucket };

/// The `rate_limiter` for several processes: each decision is one script in Redis, by its clock.
class redis_rate_limiter {
public:
    redis_rate_limiter(redis::connection redis, rate limit,
                       rate_algorithm algorithm = rate_algorithm::fixed_window,
                       std::string prefix = "mcp:limit");

    [[nodiscard]] asio::awaitable<rate_decision> acquire(std::string key);

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    redis::connection redis_;
    rate limit_;
    rate_algorithm algorithm_;
    std::string prefix_;
};

static_assert(rate_limiter<redis_rate_limiter>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/limit/impl/redis_rate_limiter.ipp>
#endif
