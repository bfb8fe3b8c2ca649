#include <mcp/broker/memory_broker.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace memory_broker_test {

class listener final : public mcp::subscriber {
public:
    bool deliver(std::string_view, const std::string& message) override {
        ++count;
        last = message;
        return takes;
    }
    void taken_over() noexcept override { ++displaced; }

    std::atomic<int> count{0};
    std::atomic<int> displaced{0};
    std::string last;
    bool takes = true;
};

TEST(memory_broker, gives_to_all_who_are_subscribed) {
    mcp::memory_broker broker;
    const auto a = std::make_shared<listener>(), b = std::make_shared<listener>();
    EXPECT_EQ(broker.publish("t", "m"), 0U);
    broker.subscribe("t", a);
    broker.subscribe("t", a);
    broker.subscribe("t", b);
    broker.subscribe("other", b);
    EXPECT_EQ(broker.publish("t", "m"), 2U);
    EXPECT_EQ(a->count, 1);
    EXPECT_EQ(b->last, "m");
    b->takes = false;
    EXPECT_EQ(broker.publish("t", "n"), 1U) << "a subscriber that refuses it does not count";
    broker.unsubscribe("t", a.get());
    broker.unsubscribe("t", a.get());
    broker.unsubscribe("none", a.get());
    EXPECT_EQ(broker.publish("t", "o"), 0U);
    EXPECT_EQ(a->last, "n");
}

TEST(memory_broker, a_claim_displaces_the_others) {
    mcp::memory_broker broker;
    const auto a = std::make_shared<listener>(), b = std::make_shared<listener>();
    broker.claim("t", a);
    EXPECT_EQ(a->displaced, 0);
    broker.claim("t", b);
    EXPECT_EQ(a->displaced, 1);
    EXPECT_EQ(broker.publish("t", "m"), 1U);
    EXPECT_EQ(a->count, 0);
    broker.claim("t", b);
    EXPECT_EQ(b->displaced, 0) << "nobody displaces himself";
}

TEST(memory_broker, lets_go_of_who_leaves) {
    mcp::memory_broker broker;
    auto a = std::make_shared<listener>();
    const std::weak_ptr<listener> watched = a;
    broker.subscribe("t", a);
    broker.unsubscribe("t", a.get());
    a.reset();
    EXPECT_TRUE(watched.expired());
}

TEST(memory_broker, threads_may_share_it) {
    mcp::memory_broker broker;
    struct counter final : mcp::subscriber {
        bool deliver(std::string_view, const std::string&) override {
            ++count;
            return true;
        }
        std::atomic<int> count{0};
    };
    const auto stays = std::make_shared<counter>();
    broker.subscribe("t", stays);
    std::vector<std::thread> all;
    for (int t = 0; t < 4; ++t)
        all.emplace_back([&] {
            const auto passes = std::make_shared<counter>();
            for (int i = 0; i < 300; ++i) {
                broker.subscribe("t", passes);
                broker.publish("t", "m");
                broker.unsubscribe("t", passes.get());
            }
        });
    for (auto& each : all)
        each.join();
    EXPECT_EQ(stays->count, 1200);
}

} // namespace memory_broker_test
