#include <mcp/async/byte_budget.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

namespace byte_budget_test {

using mcp::byte_budget;
using mcp::detail::byte_share;

TEST(byte_budget, nobody_gets_more_than_is_left_for_the_others) {
    byte_budget all(100);
    byte_share one(&all);
    EXPECT_FALSE(one.resize(51));
    EXPECT_TRUE(one.resize(50));
    EXPECT_TRUE(one.resize(50));
    byte_share two(&all);
    EXPECT_FALSE(two.resize(26));
    EXPECT_TRUE(two.resize(25));
    EXPECT_EQ(all.used(), 75U);
    EXPECT_FALSE(one.resize(51));
    EXPECT_TRUE(one.resize(10)) << "less is always possible";
    EXPECT_TRUE(two.resize(45));
    const byte_share moved = std::move(one);
    EXPECT_EQ(moved.size(), 10U);
    EXPECT_EQ(one.size(), 0U);
    EXPECT_EQ(all.used(), 55U);
}

TEST(byte_budget, what_is_held_is_given_back) {
    byte_budget all(100);
    {
        byte_share one(&all);
        byte_share two(&all);
        EXPECT_TRUE(one.resize(20) && two.resize(20));
        one = std::move(two);
        EXPECT_EQ(all.used(), 40U);
    }
    EXPECT_EQ(all.used(), 0U);
    byte_share none;
    EXPECT_TRUE(none.resize(1'000'000)) << "without a budget there is no limit";
}

TEST(byte_budget, many_greedy_ones_leave_room) {
    byte_budget all(1024);
    std::vector<byte_share> greedy(50);
    for (auto& each : greedy) {
        each = byte_share(&all);
        for (std::size_t n = 1; each.resize(n); ++n) {
        }
    }
    EXPECT_LE(all.used(), all.limit());
    std::size_t most = 0;
    for (const auto& each : greedy)
        most = most < each.size() ? each.size() : most;
    EXPECT_EQ(most, 512U);
}

TEST(byte_budget, threads_do_not_pass_the_limit) {
    byte_budget all(1000);
    std::atomic<bool> passed{false};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            byte_share mine(&all);
            for (std::size_t i = 0; i < 10'000; ++i) {
                mine.resize(i % 500);
                passed = passed || all.used() > all.limit();
            }
        });
    for (auto& each : threads)
        each.join();
    EXPECT_FALSE(passed);
    EXPECT_EQ(all.used(), 0U);
}

} // namespace byte_budget_test
