#include <mcp/limit/sliding_window.hpp>

#include <gtest/gtest.h>

#include <limit/limiters.hpp>
#include <limit/semantics.hpp>

namespace sliding_window_test {

INSTANTIATE_TYPED_TEST_SUITE_P(sliding_window, limiters, mcp::sliding_window);

TEST(sliding_window, has_no_border) {
    manual clock;
    mcp::sliding_window limiter({2, 1s}, clock.options());
    clock.now += 900ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_TRUE(limiter.acquire("a").allowed);
    clock.now += 200ms;
    EXPECT_EQ(limiter.acquire("a").retry_after, 800ms);
}

TEST(sliding_window, counts_as_it_says) {
    semantics::check_here<mcp::sliding_window>(semantics::sliding_window);
}

} // namespace sliding_window_test
