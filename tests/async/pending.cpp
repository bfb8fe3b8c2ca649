#include <mcp/async/pending.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace pending_test {

struct plain {
    static std::string shout(std::string text) { return text + '!'; }
};
struct awaits {
    static asio::awaitable<std::string> shout(std::string text) { co_return text + '!'; }
};
struct blocks {
    static constexpr bool blocking = true;
};

/// What a caller does with any of them.
template <class T>
T settle(asio::io_context& loop, mcp::detail::pending<T> step) {
    auto wait = [](mcp::detail::pending<T> later) -> asio::awaitable<T> {
        if (!later.ready())
            co_await later.settle();
        co_return later.take();
    };
    auto done = asio::co_spawn(loop, wait(std::move(step)), asio::use_future);
    loop.restart();
    loop.run();
    return done.get();
}

const mcp::detail::pool_source no_pool = []() -> asio::any_io_executor {
    throw std::logic_error("nothing of this blocks");
};

TEST(pending, a_plain_collaborator_is_ready_at_once) {
    auto step = mcp::detail::call_collaborator<plain>(no_pool, [] { return plain::shout("hey"); });
    ASSERT_TRUE(step.ready());
    EXPECT_EQ(step.take(), "hey!");
}

TEST(pending, an_awaitable_keeps_what_the_call_owns) {
    asio::io_context loop;
    auto text = std::make_unique<std::string>("long enough to live on the heap, surely");
    auto step = mcp::detail::call_collaborator<awaits>(
        no_pool,
        [text = std::shared_ptr<std::string>(std::move(text))] { return awaits::shout(*text); });
    ASSERT_FALSE(step.ready());
    EXPECT_EQ(settle(loop, std::move(step)), "long enough to live on the heap, surely!");
}

TEST(pending, a_blocking_one_runs_on_the_pool) {
    asio::io_context loop;
    asio::thread_pool pool(1);
    const mcp::detail::pool_source source = [&] {
        return asio::any_io_executor(pool.get_executor());
    };
    auto step =
        mcp::detail::call_collaborator<blocks>(source, [] { return std::this_thread::get_id(); });
    ASSERT_FALSE(step.ready());
    EXPECT_NE(settle(loop, std::move(step)), std::this_thread::get_id());
    pool.join();
}

TEST(pending, void_becomes_nothing) {
    asio::io_context loop;
    bool called = false;
    auto now = mcp::detail::call_collaborator<plain>(no_pool, [&] { called = true; });
    static_assert(std::is_same_v<decltype(now), mcp::detail::pending<mcp::detail::nothing>>);
    EXPECT_TRUE(now.ready());
    EXPECT_TRUE(called);
    auto later = mcp::detail::call_collaborator<awaits>(
        no_pool, []() -> asio::awaitable<void> { co_return; });
    EXPECT_FALSE(later.ready());
    settle(loop, std::move(later));
}

TEST(pending, what_is_thrown_comes_out) {
    asio::io_context loop;
    auto now = mcp::detail::call_collaborator<plain>(
        no_pool, []() -> int { throw mcp::unavailable("away"); });
    EXPECT_FALSE(now.ready());
    EXPECT_THROW(settle(loop, std::move(now)), mcp::unavailable);
    auto step = mcp::detail::call_collaborator<awaits>(no_pool, []() -> asio::awaitable<int> {
        throw mcp::unavailable("away");
        co_return 1;
    });
    EXPECT_THROW(settle(loop, std::move(step)), mcp::unavailable);
}

} // namespace pending_test
