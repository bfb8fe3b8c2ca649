#include <mcp/replay/redis_replay.hpp>

#include <mcp/testing/replay_log_suite.hpp>

#include <gtest/gtest.h>

#include <gmock/gmock.h>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>

namespace {

using test::await;
using ::testing::IsEmpty;

class redis_replay : public test::with_redis {
protected:
    std::shared_ptr<mcp::redis_replay> make(mcp::redis_replay_options options = {}) {
        return std::make_shared<mcp::redis_replay>(mcp::redis::connection(server->settings()),
                                                   options);
    }
};

TEST_F(redis_replay, keeps_the_contract) {
    int number = 0;
    EXPECT_THAT(mcp::testing::check_replay_log([&] {
                    mcp::redis_replay_options options;
                    options.prefix = "p" + std::to_string(++number);
                    return make(options);
                }),
                IsEmpty());
}

TEST_F(redis_replay, processes_share_the_sequence) {
    const auto a = make();
    const auto b = make();
    EXPECT_EQ(await(a->append("s", 7, "one")), 1U);
    EXPECT_EQ(await(b->append("s", 7, "two")), 2U);
    EXPECT_EQ(await(a->append("s", 7, "three")), 3U);
    const auto found = await(b->after("s", 7, 1));
    ASSERT_EQ(found.events.size(), 2U);
    EXPECT_EQ(found.events[1].message, "three");
}

TEST_F(redis_replay, everything_expires_and_forget_leaves_nothing) {
    const mcp::redis::connection redis(server->url());
    const auto log = make();
    await(log->append("s", 1, "a"));
    await(log->append("s", 2, "a"));
    const auto keys = await(redis.command("KEYS", "*"));
    EXPECT_EQ(keys.elements().size(), 3U);
    for (const auto& key : keys.elements())
        EXPECT_GT(await(redis.command("TTL", key.text())).integer(), 86'000);
    await(log->forget("s"));
    EXPECT_TRUE(await(redis.command("KEYS", "*")).elements().empty());
}

TEST_F(redis_replay, lost_events_are_told) {
    const mcp::redis::connection redis(server->url());
    const auto log = make();
    await(log->append("s", 1, "a"));
    await(log->append("s", 1, "b"));
    await(redis.command("DEL", "mcp:replay:{s}:1"));
    EXPECT_FALSE(await(log->after("s", 1, 1)).whole);
    EXPECT_TRUE(await(log->after("s", 1, 2)).whole);
    await(log->append("s", 1, "c"));
    EXPECT_FALSE(await(log->after("s", 1, 1)).whole);
    await(redis.command("DEL", "mcp:replay:{s}"));
    EXPECT_FALSE(await(log->after("s", 1, 5)).whole);
    EXPECT_EQ(await(log->append("s", 1, "d")), 1U) << "counters were evicted, events were not";
}

} // namespace
