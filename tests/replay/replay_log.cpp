#include <mcp/replay/replay_log.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

namespace replay_log_test {

struct blocking_log {
    static constexpr bool blocking = true;
    std::uint64_t append(std::string, std::uint64_t, std::string) { return 7; }
    mcp::replayed after(std::string, std::uint64_t, std::uint64_t) {
        mcp::replayed all;
        all.whole = false;
        return all;
    }
    void forget(std::string) {}
};
struct awaitable_log {
    asio::awaitable<std::uint64_t> append(std::string, std::uint64_t, std::string) { co_return 7; }
    mcp::replayed after(std::string, std::uint64_t, std::uint64_t) {
        mcp::replayed all;
        all.whole = false;
        return all;
    }
    asio::awaitable<void> forget(std::string) { co_return; }
};
struct lacking {
    std::uint64_t append(std::string, std::uint64_t, std::string);
};
static_assert(mcp::replay_log<blocking_log> && mcp::replay_log<awaitable_log> &&
              !mcp::replay_log<lacking>);

template <class Log>
void play() {
    asio::io_context loop;
    asio::thread_pool pool(1);
    const mcp::detail::any_replay_log log(
        std::make_shared<Log>(), [&]() -> asio::any_io_executor { return pool.get_executor(); });
    const auto run = [&]() -> asio::awaitable<void> {
        auto appended = log.append("s", 1, "m");
        co_await appended.settle();
        const auto result = appended.take();
        EXPECT_EQ(result.sequence, 7U);
        EXPECT_FALSE(result.taken);
        auto found = log.after("s", 1, 0);
        co_await found.settle();
        const auto all = found.take();
        EXPECT_FALSE(all.whole);
        auto forgotten = log.forget("s");
        co_await forgotten.settle();
    };
    asio::co_spawn(loop, run(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    pool.join();
}

/// One that publishes what it records.
struct publishing_log : awaitable_log {
    using awaitable_log::append;
    asio::awaitable<mcp::recorded> append(std::string, std::uint64_t, std::string,
                                          std::string topic) {
        co_return mcp::recorded{8, topic.size()};
    }
};
static_assert(mcp::replay_log<publishing_log>);

TEST(replay_log, one_that_publishes_does_so_when_there_is_a_topic) {
    play<publishing_log>();
    const mcp::detail::any_replay_log log(std::make_shared<publishing_log>(), {});
    const auto run = [&]() -> asio::awaitable<void> {
        auto appended = log.append("s", 1, "m", "four");
        co_await appended.settle();
        const auto result = appended.take();
        EXPECT_EQ(result.sequence, 8U);
        EXPECT_EQ(result.taken, 4U);
    };
    asio::io_context loop;
    asio::co_spawn(loop, run(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
}

TEST(replay_log, blocking_and_awaitable_ones_are_called_alike) {
    play<blocking_log>();
    play<awaitable_log>();
}

} // namespace replay_log_test
