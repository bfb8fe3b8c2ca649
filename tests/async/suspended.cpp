#include <mcp/async/suspended.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace suspended_test {

using mcp::detail::suspended;

/// A place where coroutines wait for a text, and which they may hold themselves.
struct place {
    asio::awaitable<std::string> wait() {
        auto begin = [this](auto handler) { waiting.emplace_back(std::move(handler), dropped); };
        return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::string)>(
            std::move(begin), asio::use_awaitable);
    }

    std::function<void()> dropped;
    std::vector<suspended<std::string>> waiting;
    std::vector<std::string> heard;
};

asio::awaitable<void> listen(std::shared_ptr<place> at) {
    std::string text = co_await at->wait();
    at->heard.push_back(std::move(text));
}

TEST(suspended, is_called_on_its_executor_and_keeps_the_loop_running) {
    asio::io_context loop;
    const auto at = std::make_shared<place>();
    asio::co_spawn(loop, listen(at), asio::detached);
    loop.poll();
    ASSERT_EQ(at->waiting.size(), 1u);
    std::thread other([&] { at->waiting[0].resume("hello"); });
    loop.run(); // would return at once if nothing held it
    other.join();
    EXPECT_EQ(at->heard, std::vector<std::string>{"hello"});
    EXPECT_FALSE(at->waiting[0]);
    at->waiting[0].resume("once more");
    EXPECT_EQ(loop.poll(), 0u);
}

TEST(suspended, ends_with_its_context) {
    for (const bool on_strand : {false, true}) {
        SCOPED_TRACE(on_strand);
        std::weak_ptr<place> alive;
        suspended<std::string> left;
        int dropped = 0;
        {
            asio::io_context loop;
            const auto at = std::make_shared<place>();
            alive = at;
            at->dropped = [&] { ++dropped; };
            const asio::any_io_executor where = on_strand
                                                    ? asio::any_io_executor(asio::make_strand(loop))
                                                    : asio::any_io_executor(loop.get_executor());
            for (int i = 0; i < 3; ++i)
                asio::co_spawn(where, listen(at), asio::detached);
            loop.poll();
            left = std::move(at->waiting[1]);
        }
        EXPECT_TRUE(alive.expired()) << "the coroutines held what they waited in";
        EXPECT_EQ(dropped, 3);
        left.resume("too late");
    }
}

TEST(suspended, that_is_let_go_unwinds_its_coroutine) {
    asio::io_context loop;
    const auto at = std::make_shared<place>();
    const std::weak_ptr<place> held = at;
    asio::co_spawn(loop, listen(at), asio::detached);
    loop.poll();
    EXPECT_EQ(held.use_count(), 2);
    at->waiting.clear();
    loop.run();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_TRUE(at->heard.empty());
}

TEST(suspended, is_resumed_or_dropped_when_both_come_at_once) {
    for (int round = 0; round < 200; ++round) {
        const auto at = std::make_shared<place>();
        auto loop = std::make_unique<asio::io_context>();
        asio::co_spawn(*loop, listen(at), asio::detached);
        loop->poll();
        suspended<std::string> one = std::move(at->waiting[0]);
        std::atomic<bool> go{false};
        std::thread other([&] {
            go = true;
            one.resume("now");
        });
        while (!go)
            std::this_thread::yield();
        loop.reset();
        other.join();
        EXPECT_EQ(at.use_count(), 1);
    }
}

TEST(suspended, may_wait_on_a_thread_pool) {
    const auto at = std::make_shared<place>();
    {
        asio::thread_pool pool(1);
        std::atomic<bool> waits{false};
        auto run = [](std::shared_ptr<place> in, std::atomic<bool>& tell) -> asio::awaitable<void> {
            auto step = in->wait();
            tell = true;
            co_await std::move(step);
        };
        asio::co_spawn(pool, run(at, waits), asio::detached);
        while (!waits)
            std::this_thread::yield();
        pool.stop();
    }
    EXPECT_EQ(at.use_count(), 1);
}

} // namespace suspended_test
