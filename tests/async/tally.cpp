#include <mcp/async/tally.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace tally_test {

using mcp::detail::tally;

TEST(tally, counts_the_shares_that_live) {
    const tally all;
    const tally same = all;
    EXPECT_EQ(all.value(), 0U);
    {
        tally::share one = all.add();
        const tally::share two = same.add();
        EXPECT_EQ(all.value(), 2U);
        const tally::share moved = std::move(one);
        EXPECT_EQ(same.value(), 2U);
        one = all.add();
        EXPECT_EQ(all.value(), 3U);
        one = {};
        EXPECT_EQ(all.value(), 2U);
    }
    EXPECT_EQ(all.value(), 0U);
}

TEST(tally, may_end_before_a_share) {
    tally::share last;
    {
        last = tally().add();
    }
    last = {};
}

} // namespace tally_test
