#include <mcp/server/call_gate.hpp>

#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace call_gate_test {

using mcp::detail::call_gate;
using mcp::detail::call_permit;

/// A call that waits for its turn, and then runs until it is told to end.
class waiting_call {
public:
    waiting_call(asio::io_context& loop, call_gate& gate) {
        asio::co_spawn(
            loop, run(gate.ask()),
            asio::bind_cancellation_slot(gone.slot(), [this](std::exception_ptr) { over = true; }));
    }

    asio::cancellation_signal gone;
    std::optional<call_permit> held;
    bool over = false;

private:
    asio::awaitable<void> run(call_permit permit) {
        co_await permit.granted();
        held.emplace(std::move(permit));
    }
};

TEST(call_gate, lets_calls_in_by_order) {
    asio::io_context loop;
    const auto gate = std::make_shared<call_gate>(1, 3);
    std::optional<call_permit> first(gate->ask());
    EXPECT_FALSE(first->refused());
    waiting_call a(loop, *gate);
    waiting_call b(loop, *gate);
    waiting_call c(loop, *gate);
    EXPECT_TRUE(gate->ask().refused()) << "three wait already";
    loop.poll();
    EXPECT_FALSE(a.held || b.held || c.held);

    first.reset();
    loop.poll();
    EXPECT_TRUE(a.held && !b.held && !c.held);
    b.gone.emit(asio::cancellation_type::terminal);
    loop.poll();
    EXPECT_TRUE(b.over && !b.held);
    a.held.reset();
    loop.poll();
    EXPECT_TRUE(c.held);
    c.held.reset();
    EXPECT_FALSE(gate->ask().refused());
}

TEST(call_gate, an_event_loop_that_ends_gives_its_places_back) {
    const auto gate = std::make_shared<call_gate>(1, 1);
    {
        asio::io_context loop;
        const call_permit first = gate->ask();
        waiting_call lost(loop, *gate);
        loop.poll();
        EXPECT_TRUE(gate->ask().refused());
    }
    const call_permit first = gate->ask();
    EXPECT_FALSE(first.refused());
    EXPECT_FALSE(gate->ask().refused()) << "may wait";
}

TEST(call_gate, never_lets_too_many_in) {
    constexpr std::size_t most = 3;
    const auto gate = std::make_shared<call_gate>(most, 1000);
    std::atomic<std::size_t> running{0};
    std::atomic<std::size_t> worst{0};
    std::atomic<int> done{0};
    const auto call = [&](call_permit permit) -> asio::awaitable<void> {
        co_await permit.granted();
        const std::size_t now = ++running;
        for (std::size_t seen = worst; seen < now && !worst.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::yield();
        --running;
        ++done;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            asio::io_context loop;
            for (int n = 0; n < 100; ++n)
                asio::co_spawn(loop, call(gate->ask()), [](std::exception_ptr) {});
            loop.run();
        });
    for (auto& each : threads)
        each.join();
    EXPECT_EQ(done, 400);
    EXPECT_LE(worst, most);
}

} // namespace call_gate_test
