#include <mcp/session/redis_sessions.hpp>

#include <mcp/testing/session_store_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <gmock/gmock.h>
#include <memory>
#include <redis/redis_server.hpp>
#include <string>

namespace redis_sessions_test {

using test::await;
using test::eventually;
using ::testing::IsEmpty;

class redis_sessions : public test::with_redis {
protected:
    std::shared_ptr<mcp::redis_sessions> make(mcp::redis_sessions_options options = {}) {
        return std::make_shared<mcp::redis_sessions>(mcp::redis::connection(server->settings()),
                                                     options);
    }
    static mcp::session_record record() {
        mcp::session_record result;
        result.id = "s";
        result.created = mcp::session_record::clock::now();
        return result;
    }
};

TEST_F(redis_sessions, keeps_the_contract) {
    int number = 0;
    EXPECT_THAT(mcp::testing::check_session_store([&] {
                    mcp::redis_sessions_options options;
                    options.prefix = "p" + std::to_string(++number);
                    return make(options);
                }),
                IsEmpty());
}

TEST_F(redis_sessions, another_process_goes_on_with_a_session) {
    await(make()->create(record()));
    const auto found = await(make()->find("s"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, "s");
    EXPECT_TRUE(await(make()->erase("s")));
    EXPECT_FALSE(await(make()->find("s")));
}

TEST_F(redis_sessions, redis_forgets_the_idle_and_find_keeps_alive_in_one_round_trip) {
    const mcp::redis::connection redis(server->url());
    const auto store = make();
    await(store->create(record()));
    EXPECT_GT(await(redis.command("TTL", "mcp:session:s")).integer(), 3'590);
    await(redis.command("EXPIRE", "mcp:session:s", 60));
    await(redis.command("CONFIG", "RESETSTAT"));
    EXPECT_TRUE(await(store->find("s")));
    EXPECT_GT(await(redis.command("TTL", "mcp:session:s")).integer(), 3'590);
    EXPECT_THAT(await(redis.command("INFO", "commandstats")).text(),
                ::testing::HasSubstr("cmdstat_getex:calls=1"));
}

TEST_F(redis_sessions, the_old_are_gone_however_busy) {
    mcp::redis_sessions_options options;
    options.age = std::chrono::seconds(100);
    const auto store = make(options);
    auto old = record();
    old.created -= std::chrono::seconds(200);
    await(store->create(old));
    EXPECT_FALSE(await(store->find("s")));
    const mcp::redis::connection redis(server->url());
    EXPECT_TRUE(
        eventually([&] { return await(redis.command("EXISTS", "mcp:session:s")).integer() == 0; }));
}

TEST_F(redis_sessions, what_is_no_record_is_no_session) {
    const mcp::redis::connection redis(server->url());
    await(redis.command("SET", "mcp:session:s", "{]"));
    EXPECT_FALSE(await(make()->find("s")));
}

TEST_F(redis_sessions, is_unavailable_while_redis_is_away_and_comes_back) {
    const auto store = make();
    await(store->create(record()));
    server->kill();
    EXPECT_THROW(await(store->find("s")), mcp::unavailable);
    ASSERT_TRUE(server->start());
    EXPECT_TRUE(eventually([&] {
        try {
            return await(store->create(record()));
        } catch (const mcp::unavailable&) {
            return false;
        }
    }));
}

} // namespace redis_sessions_test
