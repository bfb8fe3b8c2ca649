#pragma once

#include <mcp/limit/rate.hpp>
#include <mcp/testing/rate_limiter_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <stdexcept>

// What all limiters of this process have to do.

using namespace std::chrono_literals;

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
TYPED_TEST_SUITE_P(limiters);

TYPED_TEST_P(limiters, keep_the_contract) {
    EXPECT_THAT(
        mcp::testing::check_rate_limiter([](std::uint32_t permits, std::chrono::milliseconds per) {
            return std::make_shared<TypeParam>(mcp::rate{permits, per});
        }),
        ::testing::IsEmpty());
}

TYPED_TEST_P(limiters, let_pass_after_what_they_tell_and_not_before) {
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

TYPED_TEST_P(limiters, may_refuse_for_ever) {
    manual clock;
    TypeParam limiter({1, std::chrono::milliseconds::max()}, clock.options());
    clock.now += 1h;
    EXPECT_TRUE(limiter.acquire("a").allowed);
    clock.now += 24h;
    const auto refused = limiter.acquire("a");
    EXPECT_FALSE(refused.allowed);
    EXPECT_GT(refused.retry_after, std::chrono::years(99));
}

TYPED_TEST_P(limiters, know_so_many_keys_and_no_more) {
    manual clock;
    TypeParam limiter({1, 1h}, clock.options(2));
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("b").allowed);
    EXPECT_FALSE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("c").allowed);
    EXPECT_FALSE(limiter.acquire("a").allowed) << "it was used after b";
    EXPECT_TRUE(limiter.acquire("b").allowed) << "it was idle for longest";
}

TYPED_TEST_P(limiters, refuse_what_is_no_rate) {
    EXPECT_THROW(TypeParam({0, 1s}), std::invalid_argument);
    EXPECT_THROW(TypeParam({1, 0s}), std::invalid_argument);
}

REGISTER_TYPED_TEST_SUITE_P(limiters, keep_the_contract,
                            let_pass_after_what_they_tell_and_not_before, may_refuse_for_ever,
                            know_so_many_keys_and_no_more, refuse_what_is_no_rate);
