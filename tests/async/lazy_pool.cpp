#include <mcp/async/lazy_pool.hpp>

#include <asio/post.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

namespace lazy_pool_test {

TEST(lazy_pool, starts_when_asked_for_and_can_be_joined) {
    mcp::detail::lazy_pool pool;
    EXPECT_FALSE(pool.join());
    std::atomic<int> ran{0};
    for (int i = 0; i < 10; ++i)
        asio::post(pool.executor(0), [&] { ++ran; }); // one is the least
    EXPECT_TRUE(pool.join());
    EXPECT_EQ(ran, 10);
    EXPECT_FALSE(pool.join());
}

TEST(lazy_pool, one_thread_keeps_the_order) {
    mcp::detail::lazy_pool pool;
    int next = 0;
    for (int i = 0; i < 1000; ++i)
        asio::post(pool.executor(1), [&, i] { EXPECT_EQ(next++, i); });
    pool.join();
    EXPECT_EQ(next, 1000);
}

TEST(lazy_pool, is_started_again_after_a_join) {
    mcp::detail::lazy_pool pool;
    const auto there = pool.executor(2);
    EXPECT_TRUE(pool.join());
    std::atomic<int> ran{0};
    asio::post(there, [&] { ++ran; }); // nobody is there
    EXPECT_EQ(ran, 0);
    asio::post(pool.executor(2), [&] { ++ran; });
    EXPECT_TRUE(pool.join());
    EXPECT_EQ(ran, 2);
    asio::post(there, [&] { ++ran; });
    EXPECT_TRUE(pool.join()) << "it does itself what is left";
    EXPECT_EQ(ran, 3);
}

TEST(lazy_pool, two_that_give_each_other_work_are_waited_for) {
    for (int round = 0; round < 100; ++round) {
        mcp::detail::lazy_pool one;
        mcp::detail::lazy_pool two;
        std::atomic<int> left{10};
        std::function<void()> ping = [&] {
            if (left-- > 0)
                asio::post(left % 2 == 0 ? one.executor(2) : two.executor(1), ping);
        };
        asio::post(one.executor(2), ping);
        bool some = true;
        while (some) {
            some = one.join();
            some = two.join() || some;
        }
        EXPECT_LT(left, 0);
    }
}

} // namespace lazy_pool_test
