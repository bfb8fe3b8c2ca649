#include <mcp/limit/token_bucket.hpp>

#include <gtest/gtest.h>

#include <limit/limiters.hpp>
#include <limit/semantics.hpp>

namespace token_bucket_test {

INSTANTIATE_TYPED_TEST_SUITE_P(token_bucket, limiters, mcp::token_bucket);

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

TEST(token_bucket, counts_as_it_says) {
    semantics::check_here<mcp::token_bucket>(semantics::token_bucket);
}

} // namespace token_bucket_test
