#include <mcp/broker/redis_broker.hpp>

#include <mcp/testing/sse_broker_suite.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <gmock/gmock.h>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace redis_broker_test {

using mcp::testing::recording_subscriber;
using test::await;
using test::eventually;
using ::testing::IsEmpty;

class redis_broker : public test::with_redis {
protected:
    std::shared_ptr<mcp::redis_broker> make(const std::string& prefix = "test") {
        return std::make_shared<mcp::redis_broker>(mcp::redis::connection(server->settings()),
                                                   prefix);
    }
};

TEST_F(redis_broker, keeps_the_contract_in_one_process) {
    int number = 0;
    EXPECT_THAT(mcp::testing::check_sse_broker([&] {
                    auto one = make("one" + std::to_string(++number));
                    return std::pair(one, one);
                }),
                IsEmpty());
}

TEST_F(redis_broker, keeps_the_contract_between_processes) {
    int number = 0;
    EXPECT_THAT(mcp::testing::check_sse_broker([&] {
                    const auto prefix = "two" + std::to_string(++number);
                    return std::pair(make(prefix), make(prefix));
                }),
                IsEmpty());
}

TEST_F(redis_broker, databases_do_not_meet) {
    const mcp::redis_broker zero(mcp::redis::connection(server->url()));
    const mcp::redis_broker three(mcp::redis::connection(server->url("", 3)));
    const mcp::redis_broker also_three(mcp::redis::connection(server->url("", 3)));
    const auto receiver = std::make_shared<recording_subscriber>();
    await(three.subscribe("t", receiver));
    EXPECT_EQ(await(zero.publish("t", "x")), 0U);
    EXPECT_EQ(await(also_three.publish("t", "y")), 1U);
    EXPECT_EQ(zero.channels().name("t"), "mcp:sse:t");
    EXPECT_EQ(three.channels().name("t"), "mcp:sse@3:t");
    EXPECT_TRUE(
        eventually([&] { return receiver->messages() == std::vector<std::string>{"t|y"}; }));
}

TEST_F(redis_broker, prefixes_do_not_meet_and_messages_are_plain) {
    const auto a = make("a");
    const auto b = make("b");
    const auto receiver = std::make_shared<recording_subscriber>();
    await(a->subscribe("t", receiver));
    EXPECT_EQ(await(b->publish("t", "x")), 0U);
    const mcp::redis::connection foreign(server->url());
    EXPECT_EQ(await(foreign.command("PUBLISH", "a:t", R"({"jsonrpc":"2.0"})")).integer(), 1);
    EXPECT_TRUE(eventually([&] { return receiver->messages().size() == 1; }));
    EXPECT_EQ(receiver->messages().at(0), R"(t|{"jsonrpc":"2.0"})");
}

TEST_F(redis_broker, while_redis_is_away_it_fails_and_recovers_by_itself) {
    const auto here = make();
    const auto receiver = std::make_shared<recording_subscriber>();
    await(here->claim("t", receiver));
    server->kill();
    ASSERT_TRUE(eventually([&] { return !here->healthy(); }));
    EXPECT_THROW(await(here->publish("t", "lost")), mcp::unavailable);
    const auto late = std::make_shared<recording_subscriber>();
    EXPECT_THROW(await(here->subscribe("u", late)), mcp::unavailable);
    EXPECT_THROW(await(here->claim("v", late)), mcp::unavailable);
    EXPECT_EQ(late.use_count(), 1);
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(eventually([&] { return here->healthy(); }));
    ASSERT_TRUE(eventually([&] { return await(here->publish("t", "again")) == 1; }));
    EXPECT_TRUE(eventually([&] { return !receiver->messages().empty(); }));
    EXPECT_EQ(receiver->taken(), 0);
}

/// Counts the calls of `missed`.
class missed_counting_subscriber : public recording_subscriber {
public:
    void missed(std::string_view topic) noexcept override { missed_ += topic == "t" ? 1 : 100; }
    int missed_calls() const { return missed_; }

private:
    std::atomic<int> missed_{0};
};

TEST_F(redis_broker, after_a_loss_subscribers_hear_that_they_may_have_missed_something) {
    const auto here = make();
    const auto receiver = std::make_shared<missed_counting_subscriber>();
    await(here->subscribe("t", receiver));
    const mcp::redis::connection foreign(server->url());
    EXPECT_EQ(receiver->missed_calls(), 0);
    await(foreign.command("CLIENT", "KILL", "TYPE", "pubsub"));
    EXPECT_TRUE(eventually([&] { return receiver->missed_calls() == 1; }));
    EXPECT_EQ(await(here->publish("t", "x")), 1U);
}

TEST_F(redis_broker, of_claims_at_once_exactly_one_holds) {
    auto patient = server->settings(); // a connection that is given up may lose the message
    patient.command_timeout = std::chrono::seconds(20);
    const auto process = [&] {
        return std::make_shared<mcp::redis_broker>(mcp::redis::connection(patient), "test");
    };
    const std::vector<std::shared_ptr<mcp::redis_broker>> processes{process(), process()};
    constexpr std::size_t claimants = 8;
    for (int round = 0; round < 30; ++round) {
        const std::string topic = "t" + std::to_string(round);
        std::vector<std::shared_ptr<recording_subscriber>> all;
        for (std::size_t i = 0; i < claimants; ++i)
            all.push_back(std::make_shared<recording_subscriber>());
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < claimants; ++i) // most of them in the first process
            threads.emplace_back([&, i] { await(processes[i % 4 == 3]->claim(topic, all[i])); });
        for (auto& each : threads)
            each.join();
        const auto displaced = [&] {
            int sum = 0;
            for (const auto& each : all)
                sum += each->taken();
            return sum;
        };
        EXPECT_TRUE(eventually([&] { return displaced() == claimants - 1; })) << displaced();
        await(processes[1]->publish(topic, "x"));
        const auto holder = std::find_if(all.begin(), all.end(),
                                         [](const auto& each) { return each->taken() == 0; });
        ASSERT_NE(holder, all.end());
        EXPECT_TRUE(eventually([&] { return (*holder)->messages().size() == 1; }));
        EXPECT_EQ(displaced(), claimants - 1);
    }
}

TEST_F(redis_broker, one_failed_call_does_not_undo_another) {
    const auto here = make();
    const auto receiver = std::make_shared<recording_subscriber>();
    await(here->subscribe("t", receiver));
    server->kill();
    ASSERT_TRUE(eventually([&] { return !here->healthy(); }));
    EXPECT_THROW(await(here->subscribe("t", receiver)), mcp::unavailable);
    EXPECT_THROW(await(here->claim("t", receiver)), mcp::unavailable);
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(eventually([&] { return here->healthy(); }));
    ASSERT_TRUE(eventually([&] { return await(here->publish("t", "x")) == 1; }));
    EXPECT_TRUE(eventually([&] { return !receiver->messages().empty(); }));
}

TEST_F(redis_broker, a_claim_that_was_missed_is_found_out) {
    const auto here = make();
    const auto old = std::make_shared<recording_subscriber>();
    await(here->claim("t", old));
    const mcp::redis::connection foreign(server->url());
    // As if the message had been lost: only the generation is there.
    await(foreign.command("SET", "test:claim:t", "9000000000000000"));
    await(foreign.command("CLIENT", "KILL", "TYPE", "pubsub"));
    EXPECT_TRUE(eventually([&] { return old->taken() == 1; }));
}

} // namespace redis_broker_test
