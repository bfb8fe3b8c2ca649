#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <redis/redis_server.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

using mcp::redis::reply;
using test::await;
using test::eventually;

class redis_connection : public test::with_redis {};

/// Keeps what it hears.
class ear : public mcp::redis::listener {
public:
    void message(const std::string& channel, const std::string& text) override {
        std::lock_guard lock(mutex_);
        heard_.push_back(channel + ":" + text);
    }
    void restored(const std::string&) override {
        std::lock_guard lock(mutex_);
        ++restored_;
    }
    std::vector<std::string> heard() {
        std::lock_guard lock(mutex_);
        return heard_;
    }
    int restorations() {
        std::lock_guard lock(mutex_);
        return restored_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> heard_;
    int restored_ = 0;
};

TEST_F(redis_connection, sends_commands_and_gives_replies) {
    const mcp::redis::connection redis(server->url());
    const std::string binary("a\0\r\n\xff", 5);
    EXPECT_EQ(await(redis.command("SET", "key", binary)).text(), "OK");
    EXPECT_EQ(await(redis.command("GET", "key")).text(), binary);
    EXPECT_TRUE(await(redis.command("GET", "none")).is_nil());
    EXPECT_EQ(await(redis.command("INCRBY", "n", 42)).integer(), 42);
    EXPECT_EQ(await(redis.command("MGET", "key", "none")).elements().size(), 2U);
    EXPECT_THROW(await(redis.command("INCR", "key")), mcp::redis::command_error);
    EXPECT_THROW(await(redis.command("GET", "key")).integer(), mcp::redis::command_error);
    EXPECT_TRUE(eventually([&] { return redis.healthy(); }));
}

asio::awaitable<void> increment(mcp::redis::connection redis, std::int64_t expected, int& wrong) {
    const auto home = std::this_thread::get_id();
    const reply answer = co_await redis.command("INCR", "count");
    if (answer.integer() != expected || std::this_thread::get_id() != home)
        ++wrong;
}

TEST_F(redis_connection, many_commands_are_under_way_at_once_in_order) {
    const mcp::redis::connection redis(server->url());
    asio::io_context io;
    int wrong = 0;
    for (int i = 1; i <= 5'000; ++i)
        asio::co_spawn(io, increment(redis, i, wrong), asio::detached);
    io.run();
    EXPECT_EQ(wrong, 0);
}

TEST_F(redis_connection, any_thread_may_send) {
    const mcp::redis::connection redis(server->url());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i)
                await(redis.command("INCR", "n"));
        });
    for (auto& each : threads)
        each.join();
    EXPECT_EQ(await(redis.command("GET", "n")).text(), "800");
}

TEST_F(redis_connection, selects_the_database) {
    const mcp::redis::connection zero(server->url());
    const mcp::redis::connection three(server->url("", 3));
    await(three.command("SET", "key", "three"));
    EXPECT_TRUE(await(zero.command("GET", "key")).is_nil());
}

TEST_F(redis_connection, authenticates_with_password_and_user) {
    test::redis_server closed({"--requirepass", "se:c@ret"});
    const mcp::redis::connection right(closed.url(":se%3Ac%40ret@"));
    EXPECT_EQ(await(right.command("PING")).text(), "PONG");
    await(right.command("ACL", "SETUSER", "ann", "on", ">pw", "~*", "&*", "+@all"));
    const mcp::redis::connection ann(closed.url("ann:pw@"));
    EXPECT_EQ(await(ann.command("ACL", "WHOAMI")).text(), "ann");
    const mcp::redis::connection wrong(closed.url(":guess@"));
    EXPECT_THROW(await(wrong.command("PING")), mcp::redis::unavailable);
    EXPECT_FALSE(wrong.healthy());
}

TEST_F(redis_connection, what_redis_refuses_for_now_is_unavailable) {
    auto where = server->settings();
    where.command_timeout = std::chrono::milliseconds(200);
    const mcp::redis::connection redis(where);
    const auto refused = [&](const char* what) {
        SCOPED_TRACE(what);
        const auto before = std::chrono::system_clock::now();
        EXPECT_THROW(await(redis.command("SET", "key", "value")), mcp::redis::unavailable);
        EXPECT_THROW(await(redis.command("EVAL", "return redis.call('SET', KEYS[1], 1)", 1, "key")),
                     mcp::redis::unavailable);
        const auto state = redis.health();
        EXPECT_EQ(state.reason, "Redis refuses commands");
        ASSERT_TRUE(state.since);
        EXPECT_GE(*state.since, before - std::chrono::seconds(1));
    };
    ASSERT_TRUE(eventually([&] { return redis.health().ok; }));
    await(redis.command("CONFIG", "SET", "min-replicas-to-write", 1));
    refused("NOREPLICAS");
    await(redis.command("CONFIG", "SET", "min-replicas-to-write", 0));
    EXPECT_EQ(await(redis.command("SET", "key", "value")).text(), "OK");
    EXPECT_TRUE(eventually([&] { return redis.health().ok; })) << "it was some time ago";

    for (const char* each : {"LOADING", "READONLY", "MASTERDOWN", "BUSY", "OOM", "NOREPLICAS",
                             "MISCONF", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH"}) {
        SCOPED_TRACE(each);
        const std::string script = "return redis.error_reply('" + std::string(each) + " for now')";
        EXPECT_THROW(await(redis.command("EVAL", script, 0)), mcp::redis::unavailable);
    }
    for (const char* each :
         {"ERR", "WRONGTYPE", "NOPERM", "WRONGPASS", "MOVED", "BUSYGROUP", "OOMPH"}) {
        SCOPED_TRACE(each);
        const std::string script = "return redis.error_reply('" + std::string(each) + " ever')";
        EXPECT_THROW(await(redis.command("EVAL", script, 0)), mcp::redis::command_error);
    }
}

TEST_F(redis_connection, nobody_there_is_unavailable) {
    const auto where = server->settings();
    server->kill();
    const mcp::redis::connection redis(where);
    EXPECT_THROW(await(redis.command("PING")), mcp::redis::unavailable);
    EXPECT_THROW(await(redis.command("PING")), mcp::unavailable);
    EXPECT_FALSE(redis.healthy());
}

TEST_F(redis_connection, comes_back_after_a_crash) {
    const mcp::redis::connection redis(server->settings());
    for (int round = 0; round < 3; ++round) {
        ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
        server->kill();
        ASSERT_TRUE(eventually([&] { return !redis.healthy(); }));
        EXPECT_THROW(await(redis.command("PING")), mcp::redis::unavailable);
        ASSERT_TRUE(server->start());
    }
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    EXPECT_EQ(await(redis.command("PING")).text(), "PONG");
}

TEST_F(redis_connection, a_server_that_hangs_is_given_up_and_found_again) {
    const mcp::redis::connection redis(server->settings());
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    server->pause();
    EXPECT_THROW(await(redis.command("PING")), mcp::redis::unavailable);
    EXPECT_TRUE(eventually([&] { return !redis.healthy(); }));
    server->resume();
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    EXPECT_EQ(await(redis.command("PING")).text(), "PONG");
}

TEST_F(redis_connection, hears_channels_also_after_a_crash) {
    const mcp::redis::connection redis(server->settings());
    const auto who = std::make_shared<ear>();
    redis.listen("news", who);
    await(redis.confirmed("news"));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(await(redis.command("PUBLISH", "news", i)).integer(), 1);
    EXPECT_TRUE(eventually([&] { return who->heard().size() == 3; }));
    server->kill();
    ASSERT_TRUE(eventually([&] { return !redis.healthy(); }));
    EXPECT_THROW(await(redis.confirmed("news")), mcp::redis::unavailable);
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(eventually([&] { return who->restorations() == 1 && redis.healthy(); }));
    EXPECT_EQ(await(redis.command("PUBLISH", "news", "again")).integer(), 1);
    EXPECT_TRUE(eventually([&] { return who->heard().size() == 4; }));
    EXPECT_EQ(who->heard(), (std::vector<std::string>{"news:0", "news:1", "news:2", "news:again"}));
}

TEST_F(redis_connection, a_muted_channel_is_silent_and_can_be_heard_again) {
    const mcp::redis::connection redis(server->url());
    const auto who = std::make_shared<ear>();
    for (int i = 0; i < 50; ++i) {
        redis.listen("news", who);
        redis.mute("news");
        redis.listen("news", who);
        await(redis.confirmed("news"));
        ASSERT_EQ(await(redis.command("PUBLISH", "news", i)).integer(), 1) << i;
        redis.mute("news");
        ASSERT_TRUE(eventually(
            [&] { return await(redis.command("PUBLISH", "news", "lost")).integer() == 0; }));
    }
}

TEST_F(redis_connection, ending_it_completes_what_is_under_way) {
    asio::io_context io;
    int failed = 0;
    server->pause();
    {
        const mcp::redis::connection redis(server->settings());
        for (int i = 0; i < 10; ++i)
            redis.post({"PING"}, [&](const std::exception_ptr& failure, const reply&) {
                failed += failure ? 1 : 0;
            });
    }
    EXPECT_EQ(failed, 10);
}

} // namespace
