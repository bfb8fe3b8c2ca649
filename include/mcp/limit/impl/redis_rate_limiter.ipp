// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/redis_rate_limiter.hpp>
#include <mcp/redis/reply.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

// Each script returns 0, or the milliseconds until the next permit.
inline constexpr std::string_view limit_by_fixed = R"(
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if n <= tonumber(ARGV[1]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1])))";
inline constexpr std::string_view limit_by_sliding = R"(
local t = redis.call('TIME')
local now, per = t[1] * 1000 + math.floor(t[2] / 1000), tonumber(ARGV[2])
while true do
    local first = redis.call('LINDEX', KEYS[1], 0)
    if not first or tonumber(first) > now - per then break end
    redis.call('LPOP', KEYS[1])
end
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[1]) then
    return math.max(1, tonumber(redis.call('LINDEX', KEYS[1], 0)) + per - now)
end
redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0)";
inline constexpr std::string_view limit_by_bucket = R"(
local t = redis.call('TIME')
local now, permits = t[1] * 1000 + math.floor(t[2] / 1000), tonumber(ARGV[1])
local each = tonumber(ARGV[2]) / permits
local old = redis.call('HMGET', KEYS[1], 'missing', 'at')
local missing = math.max(0, (tonumber(old[1]) or 0) - (now - (tonumber(old[2]) or now)) / each)
local lacking = missing + 1 - permits
if lacking > 1e-9 then return math.max(1, math.ceil(lacking * each)) end
redis.call('HSET', KEYS[1], 'missing', string.format('%.9f', missing + 1),
           'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0)";

inline std::string_view limit_script(rate_algorithm algorithm) noexcept {
    return algorithm == rate_algorithm::fixed_window     ? limit_by_fixed
           : algorithm == rate_algorithm::sliding_window ? limit_by_sliding
                                                         : limit_by_bucket;
}

/// Separates keys whose values have different types.
inline const char* limit_kind(rate_algorithm algorithm) noexcept {
    return algorithm == rate_algorithm::fixed_window     ? ":f:"
           : algorithm == rate_algorithm::sliding_window ? ":s:"
                                                         : ":t:";
}

inline asio::awaitable<rate_decision> read_decision(asio::awaitable<redis::reply> pending) {
    const redis::reply reply = co_await std::move(pending);
    rate_decision decision;
    decision.allowed = reply.integer() == 0;
    decision.retry_after = std::chrono::milliseconds(reply.integer());
    co_return decision;
}

} // namespace detail

MCP_DECL redis_rate_limiter::redis_rate_limiter(redis::connection redis, rate limit,
                                                rate_algorithm algorithm, std::string prefix)
    : redis_(std::move(redis))
    , limit_(detail::checked_rate(limit))
    , algorithm_(algorithm)
    , prefix_(std::move(prefix)) {}

MCP_DECL asio::awaitable<rate_decision> redis_rate_limiter::acquire(std::string key) {
    return detail::read_decision(redis_.command("EVAL", detail::limit_script(algorithm_), 1,
                                                prefix_ + detail::limit_kind(algorithm_) + key,
                                                limit_.permits, limit_.per.count()));
}

} // namespace mcp
