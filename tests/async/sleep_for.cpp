#include <mcp/async/sleep_for.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <optional>
#include <system_error>

namespace sleep_for_test {

using namespace std::chrono_literals;

struct fixture {
    asio::io_context loop{1};
    asio::cancellation_signal signal;
    bool ended = false;
    std::optional<std::error_code> failure;

    void start(asio::awaitable<void> sleep) {
        asio::co_spawn(loop, std::move(sleep),
                       asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr e) {
                           ended = true;
                           try {
                               if (e)
                                   std::rethrow_exception(e);
                           } catch (const std::system_error& error) {
                               failure = error.code();
                           }
                       }));
    }
};

TEST(sleep_for, ends_after_the_time) {
    const auto begin = std::chrono::steady_clock::now();
    fixture f;
    f.start(mcp::sleep_for(3ms));
    f.loop.run();
    EXPECT_TRUE(f.ended);
    EXPECT_FALSE(f.failure);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 3ms);
}

TEST(sleep_for, no_time_lets_other_handlers_run) {
    for (const auto time : {0ns, -5ns, std::chrono::nanoseconds::min()}) {
        fixture f;
        bool ran = false;
        f.start(mcp::sleep_for(time));
        asio::post(f.loop, [&] { ran = !f.ended; });
        f.loop.run();
        EXPECT_TRUE(ran);
        EXPECT_TRUE(f.ended);
    }
}

TEST(sleep_for, takes_fractions_and_times_without_end) {
    fixture f;
    f.start(mcp::sleep_for(std::chrono::duration<double>(0.001)));
    f.loop.run();
    EXPECT_TRUE(f.ended);

    f.ended = false;
    f.start(mcp::sleep_for(std::chrono::seconds::max()));
    f.loop.restart();
    f.loop.poll();
    EXPECT_FALSE(f.ended);
    f.signal.emit(asio::cancellation_type::terminal);
    f.loop.run();
    EXPECT_TRUE(f.ended);
}

TEST(sleep_for, cancellation_ends_it) {
    fixture f;
    f.start(mcp::sleep_for(1h));
    f.loop.poll();
    EXPECT_FALSE(f.ended);
    f.signal.emit(asio::cancellation_type::terminal);
    f.loop.run();
    EXPECT_EQ(f.failure, asio::error::operation_aborted);
}

} // namespace sleep_for_test
