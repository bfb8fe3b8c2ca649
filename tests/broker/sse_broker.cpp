#include <mcp/broker/sse_broker.hpp>

#include <mcp/broker/memory_broker.hpp>

#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

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
    asio::awaitable<void> subscribe(std::string t, std::shared_ptr<mcp::subscriber> who) {
        inner.subscribe(t, std::move(who));
        co_return;
    }
    asio::awaitable<void> claim(std::string t, std::shared_ptr<mcp::subscriber> who) {
        inner.claim(t, std::move(who));
        co_return;
    }
    void unsubscribe(const std::string& t, const mcp::subscriber* who) {
        inner.unsubscribe(t, who);
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
    const mcp::any_broker broker(std::make_shared<Broker>(),
                                 [&]() -> asio::any_io_executor { return loop.get_executor(); });
    const auto who = std::make_shared<heard>();
    EXPECT_FALSE(broker.in_use());
    const auto run = [&]() -> asio::awaitable<void> {
        auto subscribed = broker.subscribe("t", who);
        co_await subscribed.settle();
        EXPECT_TRUE(broker.in_use());
        auto claimed = broker.claim("t", who);
        co_await claimed.settle();
        auto published = broker.publish("t", "m");
        co_await published.settle();
        EXPECT_EQ(published.take(), 1U);
        broker.post("t", "n");
    };
    asio::co_spawn(loop, run(), [](std::exception_ptr e) { EXPECT_FALSE(e); });
    loop.run();
    EXPECT_EQ(who->all, "mn");
    broker.unsubscribe("t", who.get());
    EXPECT_EQ(who.use_count(), 1);
}

TEST(sse_broker, sync_awaitable_and_mixed_ones_are_called_alike) {
    play<mcp::memory_broker>();
    play<awaitable_broker>();
    play<mixed_broker>();
}

} // namespace
