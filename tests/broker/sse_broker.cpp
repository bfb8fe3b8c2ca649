#include <mcp/broker/sse_broker.hpp>

#include <mcp/async/lazy_pool.hpp>
#include <mcp/broker/memory_broker.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sse_broker_test {

class heard final : public mcp::subscriber {
public:
    bool deliver(std::string_view, const std::string& message) override {
        all += message;
        return true;
    }
    std::string all;
};

/// A broker whose methods are awaitable, one that mixes, one that lacks a method.
struct awaitable_broker {
    asio::awaitable<void> subscribe(std::string t, std::shared_ptr<mcp::subscriber> receiver) {
        inner.subscribe(t, std::move(receiver));
        co_return;
    }
    asio::awaitable<void> claim(std::string t, std::shared_ptr<mcp::subscriber> receiver) {
        inner.claim(t, std::move(receiver));
        co_return;
    }
    void unsubscribe(const std::string& t, const mcp::subscriber* receiver) {
        inner.unsubscribe(t, receiver);
    }
    asio::awaitable<std::size_t> publish(std::string t, std::string m) {
        co_return inner.publish(t, m);
    }
    mcp::memory_broker inner;
};
struct mixed_broker : mcp::memory_broker {
    asio::awaitable<std::size_t> publish(std::string t, std::string m) {
        co_return mcp::memory_broker::publish(t, m);
    }
};
struct lacking {
    void subscribe(std::string, std::shared_ptr<mcp::subscriber>);
};
static_assert(mcp::sse_broker<mcp::memory_broker> && mcp::sse_broker<awaitable_broker> &&
              mcp::sse_broker<mixed_broker> && !mcp::sse_broker<lacking>);

template <class Broker>
void play() {
    asio::io_context loop;
    const auto here = [&]() -> asio::any_io_executor { return loop.get_executor(); };
    const mcp::detail::any_broker broker(std::make_shared<Broker>(), here, here);
    const auto receiver = std::make_shared<heard>();
    EXPECT_FALSE(broker.in_use());
    const auto run = [&]() -> asio::awaitable<void> {
        auto subscribed = broker.subscribe("t", receiver);
        co_await subscribed.settle();
        EXPECT_TRUE(broker.in_use());
        auto claimed = broker.claim("t", receiver);
        co_await claimed.settle();
        auto published = broker.publish("t", "m");
        co_await published.settle();
        EXPECT_EQ(published.take(), 1U);
        broker.post("t", "n");
    };
    asio::co_spawn(loop, run(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    EXPECT_EQ(receiver->all, "mn");
    broker.unsubscribe("t", receiver.get());
    EXPECT_EQ(receiver.use_count(), 1);
}

TEST(sse_broker, sync_awaitable_and_mixed_ones_are_called_alike) {
    play<mcp::memory_broker>();
    play<awaitable_broker>();
    play<mixed_broker>();
}

/// One in another process, say, which blocks the caller.
struct blocking_broker : mcp::memory_broker {
    [[maybe_unused]] static constexpr bool blocking = true;
};
/// One that is busy with each message for a while.
struct hopping_broker : awaitable_broker {
    asio::awaitable<std::size_t> publish(std::string t, std::string m) {
        co_await asio::post(asio::use_awaitable);
        co_await asio::post(asio::use_awaitable);
        co_return inner.publish(t, m);
    }
};
static_assert(mcp::sse_broker<blocking_broker> && mcp::sse_broker<hopping_broker>);

template <class Broker>
class posting : public ::testing::Test {
protected:
    ~posting() override {
        pool.join();
        queue.join();
    }
    asio::thread_pool pool{4};
    mcp::detail::lazy_pool queue;
    const mcp::detail::any_broker broker{
        std::make_shared<Broker>(),
        [this]() -> asio::any_io_executor { return pool.get_executor(); },
        [this]() -> asio::any_io_executor { return queue.executor(1); }};
};
using brokers_to_wait_for = ::testing::Types<awaitable_broker, hopping_broker, blocking_broker>;
TYPED_TEST_SUITE(posting, brokers_to_wait_for);

TYPED_TEST(posting, keeps_the_order_of_a_thread) {
    const auto receiver = std::make_shared<heard>();
    std::string expected;
    this->broker.join("t", receiver);
    for (int i = 0; i < 2000; ++i) {
        const std::string number = std::to_string(i) + ' ';
        this->broker.post("t", number);
        expected += number;
    }
    this->queue.join();
    EXPECT_EQ(receiver->all, expected);
}

TYPED_TEST(posting, does_not_wait_behind_what_blocks) {
    std::promise<void> gate;
    const auto opened = gate.get_future().share();
    for (int i = 0; i < 4; ++i)
        asio::post(this->pool, [opened] { opened.wait(); });
    const auto receiver = std::make_shared<heard>();
    this->broker.join("t", receiver);
    this->broker.post("t", "m");
    this->queue.join();
    EXPECT_EQ(receiver->all, "m");
    gate.set_value();
}

} // namespace sse_broker_test
