#include <mcp/limit/redis_rate_limiter.hpp>

#include <mcp/testing/rate_limiter_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <gmock/gmock.h>
#include <limit/semantics.hpp>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>

namespace redis_rate_limiter_test {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

class redis_rate_limiter : public test::with_redis {};

TEST_F(redis_rate_limiter, keeps_the_contract) {
    int number = 0;
    for (const auto how : {mcp::rate_algorithm::fixed_window, mcp::rate_algorithm::sliding_window,
                           mcp::rate_algorithm::token_bucket})
        EXPECT_THAT(mcp::testing::check_rate_limiter(
                        [&](std::uint32_t permits, std::chrono::milliseconds per) {
                            return std::make_shared<mcp::redis_rate_limiter>(
                                mcp::redis::connection(server->settings()), mcp::rate{permits, per},
                                how, "p" + std::to_string(++number));
                        }),
                    IsEmpty())
            << static_cast<int>(how);
}

/// Lets time pass for all that limiters have in Redis: what they have written becomes older.
constexpr const char* age = R"(
local by = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', '*')) do
    local left = redis.call('PTTL', key) - by
    local type = redis.call('TYPE', key).ok
    if type == 'list' then
        for i = 0, redis.call('LLEN', key) - 1 do
            local at = tonumber(redis.call('LINDEX', key, i))
            redis.call('LSET', key, i, string.format('%.0f', at - by))
        end
    elseif type == 'hash' then
        local at = tonumber(redis.call('HGET', key, 'at'))
        redis.call('HSET', key, 'at', string.format('%.0f', at - by))
    end
    redis.call('PEXPIRE', key, math.max(0, left))
end
return 0)";

TEST_F(redis_rate_limiter, counts_as_those_of_this_process) {
    const mcp::redis::connection redis(server->settings());
    const struct {
        mcp::rate_algorithm how;
        const semantics::steps& steps;
    } rows[] = {{mcp::rate_algorithm::fixed_window, semantics::fixed_window},
                {mcp::rate_algorithm::sliding_window, semantics::sliding_window},
                {mcp::rate_algorithm::token_bucket, semantics::token_bucket}};
    for (const auto& each : rows) {
        SCOPED_TRACE(static_cast<int>(each.how));
        mcp::redis_rate_limiter limiter(redis, semantics::rate, each.how);
        const auto acquire = [&] { return test::await(limiter.acquire("ann")); };
        const auto advance = [&](std::chrono::seconds by) {
            test::await(redis.command("EVAL", age, 0, by.count() * 1000));
        };
        semantics::check(each.steps, acquire, advance, 60s);
        test::await(redis.command("FLUSHALL"));
    }
}

TEST_F(redis_rate_limiter, every_key_expires) {
    const mcp::redis::connection redis(server->settings());
    for (const auto how : {mcp::rate_algorithm::fixed_window, mcp::rate_algorithm::sliding_window,
                           mcp::rate_algorithm::token_bucket}) {
        mcp::redis_rate_limiter limiter(redis, {5, 1h}, how);
        EXPECT_TRUE(test::await(limiter.acquire("a")).allowed);
    }
    const auto keys = test::await(redis.command("KEYS", "*"));
    EXPECT_EQ(keys.elements().size(), 3U);
    for (const auto& key : keys.elements())
        EXPECT_GT(test::await(redis.command("PTTL", key.text())).integer(), 0);
}

TEST_F(redis_rate_limiter, is_unavailable_without_redis) {
    const mcp::redis::connection redis(server->settings());
    mcp::redis_rate_limiter limiter(redis, {5, 1h});
    server->kill();
    EXPECT_THROW(test::await(limiter.acquire("a")), mcp::unavailable);
}

} // namespace redis_rate_limiter_test
