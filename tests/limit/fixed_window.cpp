#include <mcp/limit/fixed_window.hpp>

#include <gtest/gtest.h>

#include <limit/limiters.hpp>
#include <limit/semantics.hpp>

namespace fixed_window_test {

INSTANTIATE_TYPED_TEST_SUITE_P(fixed_window, limiters, mcp::fixed_window);

TEST(fixed_window, begins_anew_in_each_window) {
    manual clock;
    mcp::fixed_window limiter({1, 1s}, clock.options());
    clock.now += 900ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
    EXPECT_EQ(limiter.acquire("a").retry_after, 100ms);
    clock.now += 100ms;
    EXPECT_TRUE(limiter.acquire("a").allowed);
}

TEST(fixed_window, counts_as_it_says) {
    semantics::check_here<mcp::fixed_window>(semantics::fixed_window);
}

} // namespace fixed_window_test
