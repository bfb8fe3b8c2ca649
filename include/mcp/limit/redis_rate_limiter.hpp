#pragma once

#include <mcp/limit/rate.hpp>
#include <mcp/limit/rate_limiter.hpp>
#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The algorithm of a `redis_rate_limiter`; see the classes of these names.
enum class rate_algorithm { fixed_window, sliding_window, token_bucket };

/// The `rate_limiter` for several processes: each decision is one script in Redis, by its clock.
class redis_rate_limiter {
public:
    redis_rate_limiter(redis::connection redis, rate limit,
                       rate_algorithm algorithm = rate_algorithm::fixed_window,
                       std::string prefix = "mcp:limit")
        : redis_(std::move(redis))
        , limit_(checked(limit))
        , algorithm_(algorithm)
        , prefix_(std::move(prefix)) {}

    [[nodiscard]] asio::awaitable<rate_decision> acquire(std::string key) {
        return read(redis_.command("EVAL", script(), 1, prefix_ + kind() + key, limit_.permits,
                                   limit_.per.count()));
    }

    /// Returns the health of the connection to Redis.
    health_state health() const { return redis_.health(); }

private:
    // Each script returns 0, or the milliseconds until the next permit.
    static constexpr std::string_view fixed = R"(
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if n <= tonumber(ARGV[1]) then return 0 end
return math.max(1, redis.call('PTTL', KEYS[1])))";
    static constexpr std::string_view sliding = R"(
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
    static constexpr std::string_view bucket = R"(
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

    std::string_view script() const noexcept {
        return algorithm_ == rate_algorithm::fixed_window     ? fixed
               : algorithm_ == rate_algorithm::sliding_window ? sliding
                                                              : bucket;
    }
    /// Separates keys whose values have different types.
    const char* kind() const noexcept {
        return algorithm_ == rate_algorithm::fixed_window     ? ":f:"
               : algorithm_ == rate_algorithm::sliding_window ? ":s:"
                                                              : ":t:";
    }

    static asio::awaitable<rate_decision> read(asio::awaitable<redis::reply> asked) {
        const redis::reply said = co_await std::move(asked);
        rate_decision decision;
        decision.allowed = said.integer() == 0;
        decision.retry_after = std::chrono::milliseconds(said.integer());
        co_return decision;
    }

    redis::connection redis_;
    rate limit_;
    rate_algorithm algorithm_;
    std::string prefix_;
};

static_assert(rate_limiter<redis_rate_limiter>);

} // namespace mcp
