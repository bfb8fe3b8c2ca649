#include <mcp/async/offload.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <future>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace offload_test {

struct fixture {
    asio::thread_pool pool{1};
    asio::io_context loop{1};
    std::exception_ptr failure;

    template <class Body>
    void run(Body body) {
        asio::co_spawn(loop, std::move(body), [this](std::exception_ptr e) { failure = e; });
        loop.run();
        pool.join();
        if (failure) {
            std::rethrow_exception(failure);
        }
    }
};

TEST(offload, runs_on_the_pool_and_resumes_at_home) {
    fixture f;
    f.run([&]() -> asio::awaitable<void> {
        const auto home = std::this_thread::get_id();
        auto where = [] { return std::this_thread::get_id(); };
        const auto there = co_await mcp::offload(f.pool.get_executor(), where);
        EXPECT_NE(there, home);
        EXPECT_EQ(std::this_thread::get_id(), home);
    });
}

TEST(offload, the_loop_goes_on_meanwhile) {
    fixture f;
    std::promise<void> released;
    f.run([&]() -> asio::awaitable<void> {
        // The pool waits for something that only this loop does: a stalled loop would never end.
        asio::post(f.loop, [&] { released.set_value(); });
        auto block = [&] { released.get_future().wait(); };
        co_await mcp::offload(f.pool.get_executor(), block);
    });
}

TEST(offload, carries_results_and_exceptions) {
    fixture f;
    f.run([&]() -> asio::awaitable<void> {
        auto make = [] { return std::make_unique<int>(7); };
        const auto made = co_await mcp::offload(f.pool.get_executor(), make);
        EXPECT_EQ(*made, 7);
        auto fail = []() -> int { throw std::runtime_error("blocked"); };
        bool caught = false;
        try {
            co_await mcp::offload(f.pool.get_executor(), fail);
        } catch (const std::runtime_error&) {
            caught = true;
        }
        EXPECT_TRUE(caught);
    });
}

TEST(offload, takes_move_only_functions) {
    fixture f;
    f.run([&]() -> asio::awaitable<void> {
        auto task = [p = std::make_unique<int>(5)] { return *p; };
        EXPECT_EQ(co_await mcp::offload(f.pool.get_executor(), std::move(task)), 5);
    });
}

TEST(offload, cancellation_waits_for_the_function) {
    fixture f;
    asio::cancellation_signal signal;
    std::atomic<bool> finished = false;
    std::promise<void> started;
    std::promise<void> released;
    bool aborted = false;
    auto body = [&]() -> asio::awaitable<void> {
        auto block = [&] {
            started.set_value();
            released.get_future().wait();
            finished = true;
        };
        auto nothing = [] {};
        co_await mcp::offload(f.pool.get_executor(), block);
        EXPECT_TRUE(finished);
        co_await mcp::offload(f.pool.get_executor(), nothing); // the cancellation shows here
    };
    auto ended = [&](std::exception_ptr e) {
        try {
            std::rethrow_exception(e);
        } catch (const std::system_error& s) {
            aborted = s.code() == asio::error::operation_aborted;
        }
    };
    asio::co_spawn(f.loop, body, asio::bind_cancellation_slot(signal.slot(), ended));
    std::thread other([&] {
        started.get_future().wait();
        asio::post(f.loop, [&] {
            signal.emit(asio::cancellation_type::terminal);
            released.set_value();
        });
    });
    f.loop.run();
    other.join();
    f.pool.join();
    EXPECT_TRUE(finished);
    EXPECT_TRUE(aborted);
}

TEST(offload, a_loop_that_is_destroyed_waits_for_what_uses_the_coroutine) {
    asio::thread_pool pool{1};
    auto loop = std::make_unique<asio::io_context>(1);
    std::promise<void> started;
    std::promise<void> released;
    bool finished = false;
    auto body = [&]() -> asio::awaitable<void> {
        int own = 1;
        auto use = [&] {
            started.set_value();
            released.get_future().wait();
            ++own;
            finished = own == 2;
        };
        co_await mcp::offload(pool.get_executor(), use);
    };
    asio::co_spawn(*loop, body, [](std::exception_ptr) {});
    loop->poll();
    started.get_future().wait();
    std::thread other([&] { loop.reset(); });
    released.set_value();
    other.join();
    EXPECT_TRUE(finished);
    pool.join();
}

TEST(offload, what_has_not_begun_when_its_loop_goes_is_left_out) {
    asio::thread_pool pool{1};
    auto loop = std::make_unique<asio::io_context>(1);
    std::promise<void> released;
    asio::post(pool, [&] { released.get_future().wait(); });
    bool ran = false;
    auto body = [&]() -> asio::awaitable<void> {
        auto run = [&] { ran = true; };
        co_await mcp::offload(pool.get_executor(), run);
    };
    asio::co_spawn(*loop, body, [](std::exception_ptr) {});
    loop->poll();
    loop.reset();
    released.set_value();
    pool.join();
    EXPECT_FALSE(ran);
}

} // namespace offload_test
