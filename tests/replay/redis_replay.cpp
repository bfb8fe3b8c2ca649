#include <mcp/replay/redis_replay.hpp>

#include <mcp/testing/replay_log_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <gmock/gmock.h>
#include <limits>
#include <memory>
#include <mutex>
#include <redis/redis_server.hpp>
#include <string>
#include <unistd.h>
#include <vector>

namespace redis_replay_test {

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

TEST_F(redis_replay, may_keep_all_events_for_ever) {
    mcp::redis_replay_options options;
    options.keep = std::chrono::seconds::max();
    options.events = options.bytes = std::numeric_limits<std::size_t>::max();
    const auto log = make(options);
    EXPECT_EQ(await(log->append("s", 0, "one")), 1U);
    EXPECT_EQ(await(log->after("s", 0, 0)).events.size(), 1U);
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

/// What a channel brings.
class recording_listener : public mcp::redis::listener {
public:
    void message(const std::string&, const std::string& text) override {
        std::lock_guard lock(mutex_);
        heard_.push_back(text);
    }
    std::vector<std::string> heard() {
        std::lock_guard lock(mutex_);
        return heard_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> heard_;
};

TEST_F(redis_replay, records_and_publishes_in_one_step_where_the_broker_is_on_its_connection) {
    const mcp::redis::connection redis(server->settings());
    const mcp::redis::connection other(server->settings());
    const auto receiver = std::make_shared<recording_listener>();
    other.listen("sse:t", receiver);
    await(other.confirmed("sse:t"));

    mcp::redis_replay log(redis);
    EXPECT_FALSE(await(log.append("s", 1, ".a", "t")).taken) << "it knows no broker";
    log.publish_on({other, "sse"});
    EXPECT_FALSE(await(log.append("s", 1, ".b", "t")).taken) << "that may be another Redis";
    log.publish_on({redis, "sse"});
    const mcp::recorded done = await(log.append("s", 1, ".c", "t"));
    EXPECT_EQ(done.sequence, 3U);
    EXPECT_EQ(done.taken, 1U);
    EXPECT_EQ(await(log.append("s", 1, ".d", "nobody")).taken, 0U);
    EXPECT_EQ(await(log.append("s", 1, ".e")), 5U);
    EXPECT_TRUE(test::eventually([&] { return !receiver->heard().empty(); }));
    EXPECT_EQ(receiver->heard(), std::vector<std::string>{"3.c"});
    EXPECT_EQ(await(log.after("s", 1, 0)).events.size(), 5U);
}

TEST_F(redis_replay, while_redis_is_away_it_fails_and_what_was_confirmed_is_there_afterwards) {
    const auto folder =
        std::filesystem::temp_directory_path() / ("asio-mcp-replay-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    {
        test::redis_server kept(
            {"--appendonly", "yes", "--appendfsync", "always", "--dir", folder.string()});
        mcp::redis_replay log(mcp::redis::connection(kept.settings()));
        for (std::uint64_t i = 1; i <= 20; ++i)
            EXPECT_EQ(await(log.append("s", 1, std::to_string(i))), i);
        kept.kill();
        EXPECT_THROW(await(log.append("s", 1, "lost")), mcp::unavailable);
        EXPECT_THROW(await(log.after("s", 1, 0)), mcp::unavailable);
        EXPECT_THROW(await(log.forget("s")), mcp::unavailable);
        ASSERT_TRUE(kept.start());
        const auto appended = [&] {
            try {
                return await(log.append("s", 1, "back")) == 21;
            } catch (const mcp::unavailable&) {
                return false;
            }
        };
        EXPECT_TRUE(test::eventually(appended));
        const auto found = await(log.after("s", 1, 0));
        EXPECT_TRUE(found.whole);
        EXPECT_EQ(found.events.size(), 21U);
    }
    std::filesystem::remove_all(folder);
}

TEST_F(redis_replay, everything_expires_and_forget_leaves_nothing) {
    const mcp::redis::connection redis(server->url());
    const auto log = make();
    await(log->append("s", 1, "a"));
    await(log->append("s", 2, "a"));
    const auto keys = await(redis.command("KEYS", "*"));
    EXPECT_EQ(keys.elements().size(), 5U);
    for (const auto& key : keys.elements())
        EXPECT_GT(await(redis.command("TTL", key.text())).integer(), 86'000);
    await(log->forget("s"));
    EXPECT_TRUE(await(redis.command("KEYS", "*")).elements().empty());
}

TEST_F(redis_replay, a_session_holds_so_much_and_no_more) {
    const mcp::redis::connection redis(server->url());
    mcp::redis_replay_options options;
    options.events = 10;
    const auto log = make(options);
    await(log->append("s", 0, "a"));
    for (std::uint64_t call = 1; call <= 30; ++call) {
        await(log->append("s", call, "x"));
        await(log->append("s", call, "y"));
    }
    EXPECT_LE(await(redis.command("KEYS", "*")).elements().size(), 5U + 3U);
    EXPECT_LE(await(redis.command("HLEN", "mcp:replay:{s}")).integer(), 2 * 10 + 1);
    EXPECT_EQ(await(redis.command("LLEN", "mcp:replay:{s}:order")).integer(), 10);
    for (std::uint64_t call = 26; call <= 30; ++call) {
        const auto all = await(log->after("s", call, 0));
        EXPECT_TRUE(all.whole);
        EXPECT_EQ(all.events.size(), 2U);
    }
    EXPECT_FALSE(await(log->after("s", 25, 0)).whole) << "it is known that there were some";
    EXPECT_FALSE(await(log->after("s", 1, 2)).whole);
    EXPECT_EQ(await(log->after("s", 1, 2)).last, 0U);
    EXPECT_EQ(await(log->append("s", 0, "b")), 2U) << "the session's own stream goes on";
    // One stream alone has all of it.
    for (std::uint64_t i = 3; i <= 12; ++i)
        await(log->append("s", 0, std::to_string(i)));
    const auto own = await(log->after("s", 0, 2));
    EXPECT_TRUE(own.whole);
    EXPECT_EQ(own.events.size(), 10U);
    EXPECT_EQ(await(redis.command("KEYS", "*")).elements().size(), 4U);
    await(log->forget("s"));
    EXPECT_TRUE(await(redis.command("KEYS", "*")).elements().empty());
}

TEST_F(redis_replay, what_redis_has_evicted_of_it_breaks_nothing) {
    const mcp::redis::connection redis(server->url());
    mcp::redis_replay_options options;
    options.events = 3;
    const auto log = make(options);
    for (const char* part : {":order", ":0", ""}) {
        SCOPED_TRACE(part);
        for (int i = 0; i < 3; ++i)
            await(log->append("s", 0, "a"));
        await(redis.command("DEL", std::string("mcp:replay:{s}") + part));
        std::uint64_t last = 0;
        for (int i = 0; i < 6; ++i)
            last = await(log->append("s", 0, "b"));
        const auto found = await(log->after("s", 0, last - 1));
        EXPECT_TRUE(found.whole);
        EXPECT_EQ(found.events.size(), 1U);
        EXPECT_LE(await(redis.command("XLEN", "mcp:replay:{s}:0")).integer(), 3);
    }
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
    EXPECT_EQ(await(log->after("s", 1, 5)).last, 0U);
    EXPECT_EQ(await(log->append("s", 1, "d")), 1U) << "counters were evicted, events were not";
    EXPECT_EQ(await(log->after("s", 1, 5)).last, 1U);
}

TEST_F(redis_replay, bytes_of_a_session_are_bounded) {
    mcp::redis_replay_options options;
    options.bytes = 10'000;
    const auto log = make(options);
    const mcp::redis::connection redis(server->settings());
    const std::string sum = options.prefix + ":{s}:bytes";
    for (int i = 0; i < 40; ++i)
        await(log->append("s", i % 2 == 0 ? 0U : 1U, std::string(1'000, 'x')));
    EXPECT_EQ(await(redis.command("GET", sum)).text(), "10000");
    EXPECT_EQ(await(log->after("s", 0, 0)).events.size(), 5U);
    EXPECT_FALSE(await(log->after("s", 0, 0)).whole);
    EXPECT_TRUE(await(log->after("s", 1, 15)).whole);

    EXPECT_EQ(await(log->append("s", 2, std::string(10'001, 'x'))), 1U) << "counts, is not kept";
    EXPECT_FALSE(await(log->after("s", 2, 0)).whole);
    EXPECT_EQ(await(log->after("s", 0, 0)).events.size(), 5U);
    EXPECT_EQ(await(log->append("s", 2, std::string(10'000, 'x'))), 2U);
    EXPECT_EQ(await(redis.command("GET", sum)).text(), "10000");
    EXPECT_TRUE(await(log->after("s", 0, 0)).events.empty());
    EXPECT_TRUE(await(log->after("s", 2, 1)).whole);

    await(redis.command("DEL", sum)); // evicted
    for (int i = 0; i < 40; ++i)
        await(log->append("s", 0, std::string(1'000, 'x')));
    EXPECT_EQ(await(redis.command("GET", sum)).text(), "10000");
    EXPECT_EQ(await(log->after("s", 0, 0)).events.size(), 10U);
    await(log->forget("s"));
    EXPECT_TRUE(await(redis.command("GET", sum)).is_nil());
}

TEST_F(redis_replay, takes_the_order_as_older_versions_wrote_it) {
    mcp::redis_replay_options options;
    options.events = 3;
    const auto log = make(options);
    const mcp::redis::connection redis(server->settings());
    const std::string key = options.prefix + ":{s}";
    await(redis.command("HSET", key, 0, 2));
    for (const char* id : {"1-0", "2-0"}) {
        await(redis.command("XADD", key + ":0", id, "m", "old"));
        await(redis.command("RPUSH", key + ":order", 0));
    }
    for (int i = 0; i < 3; ++i)
        await(log->append("s", 0, "new"));
    EXPECT_EQ(await(log->after("s", 0, 2)).events.size(), 3U);
    EXPECT_TRUE(await(log->after("s", 0, 2)).whole);
    EXPECT_EQ(await(log->after("s", 0, 0)).events.size(), 3U);
}

} // namespace redis_replay_test
