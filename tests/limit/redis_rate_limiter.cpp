#include <mcp/limit/redis_rate_limiter.hpp>

#include <mcp/testing/rate_limiter_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>

namespace {

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

} // namespace
