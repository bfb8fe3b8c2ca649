#include <mcp/limit/fixed_window.hpp>
#include <mcp/limit/redis_rate_limiter.hpp>
#include <mcp/limit/sliding_window.hpp>
#include <mcp/limit/token_bucket.hpp>
#include <mcp/testing/rate_limiter_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <redis/redis_server.hpp>
#include <stdexcept>
#include <string>

namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

struct manual {
    std::chrono::steady_clock::time_point now{};
    mcp::limiter_options options(std::size_t keys = 100) {
        mcp::limiter_options result;
        result.keys = keys;
        result.now = [this] { return now; };
        return result;
    }
};

template <class Limiter>
class limiters : public ::testing::Test {};
using all = ::testing::Types<mcp::fixed_window, mcp::sliding_window, mcp::token_bucket>;
TYPED_TEST_SUITE(limiters, all);

TYPED_TEST(limiters, keep_the_contract) {
    EXPECT_THAT(
        mcp::testing::check_rate_limiter([](std::uint32_t permits, std::chrono::milliseconds per) {
            return std::make_shared<TypeParam>(mcp::rate{permits, per});
        }),
        IsEmpty());
}

TYPED_TEST(limiters, let_pass_after_what_they_tell_and_not_before) {
    manual clock;
    TypeParam limiter({3, 1s}, clock.options());
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(limiter.acquire("a").allowed);
    const auto refused = limiter.acquire("a");
    ASSERT_FALSE(refused.allowed);
    clock.now += refused.retry_after - 1ms;
    EXPECT_FALSE(limiter.acquire("a").allowed);
    clock.now += 1ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
}

TYPED_TEST(limiters, know_so_many_keys_and_no_more) {
    manual clock;
    TypeParam limiter({1, 1h}, clock.options(2));
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("b").allowed);
    EXPECT_FALSE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("c").allowed);
    EXPECT_FALSE(limiter.acquire("a").allowed) << "it was used after b";
    EXPECT_TRUE(limiter.acquire("b").allowed) << "it was idle for longest";
}

TYPED_TEST(limiters, refuse_what_is_no_rate) {
    EXPECT_THROW(TypeParam({0, 1s}), std::invalid_argument);
    EXPECT_THROW(TypeParam({1, 0s}), std::invalid_argument);
}

TEST(sliding_window, has_no_border) {
    manual clock;
    mcp::sliding_window limiter({2, 1s}, clock.options());
    clock.now += 900ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("a").allowed);
    clock.now += 200ms;
    EXPECT_EQ(limiter.acquire("a").retry_after, 800ms);
}

TEST(token_bucket, fills_evenly_and_not_above_its_size) {
    manual clock;
    mcp::token_bucket limiter({4, 1s}, clock.options());
    clock.now += 1h;
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_EQ(limiter.acquire("a").retry_after, 250ms);
    clock.now += 500ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_FALSE(limiter.acquire("a").allowed);
}

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
