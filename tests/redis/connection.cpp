#include <mcp/redis/connection.hpp>

#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <redis/redis_server.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace connection_test {

using mcp::redis::reply;
using test::await;
using test::eventually;

class redis_connection : public test::with_redis {};

/// Keeps the messages of its channels.
class recording_listener : public mcp::redis::listener {
public:
    void message(const std::string& channel, const std::string& text) override {
        std::lock_guard lock(mutex_);
        received_.push_back(channel + ":" + text);
    }
    void restored(const std::string&) override {
        std::lock_guard lock(mutex_);
        ++restored_;
    }
    std::vector<std::string> received() {
        std::lock_guard lock(mutex_);
        return received_;
    }
    int restorations() {
        std::lock_guard lock(mutex_);
        return restored_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> received_;
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
    const auto thread = std::this_thread::get_id();
    const reply received = co_await redis.command("INCR", "count");
    if (received.integer() != expected || std::this_thread::get_id() != thread)
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

/// Returns how often Redis has read from its clients.
std::int64_t reads(const mcp::redis::connection& redis) {
    const std::string text = await(redis.command("INFO", "stats")).text();
    return std::stoll(text.substr(text.find("total_reads_processed:") + 22));
}

TEST_F(redis_connection, commands_of_one_turn_leave_together) {
    const mcp::redis::connection redis(server->url());
    const mcp::redis::connection other(server->url());
    ASSERT_TRUE(eventually([&] { return redis.healthy() && other.healthy(); }));
    const std::int64_t before = reads(other);
    asio::io_context io;
    int wrong = 0;
    for (int i = 1; i <= 100; ++i)
        asio::co_spawn(io, increment(redis, i, wrong), asio::detached);
    io.run();
    EXPECT_EQ(wrong, 0);
    EXPECT_LE(reads(other) - before, 5); // one of them is that of INFO; a heartbeat may be another
}

TEST_F(redis_connection, a_command_is_sent_also_if_its_event_loop_ends) {
    const mcp::redis::connection redis(server->url());
    int wrong = 0;
    {
        asio::io_context io;
        asio::co_spawn(io, increment(redis, 1, wrong), asio::detached);
        io.run_one(); // the turn has not ended
    }
    EXPECT_TRUE(eventually([&] {
        const reply count = await(redis.command("GET", "count"));
        return !count.is_nil() && count.text() == "1";
    }));
}

asio::awaitable<void> increment_and_post(mcp::redis::connection redis, int& wrong) {
    auto first = redis.command("SET", "order", "first");
    redis.post({"APPEND", "order", " posted"});
    co_await std::move(first); // is sent now
    redis.post({"APPEND", "order", " second"});
    const reply order = co_await redis.command("GET", "order");
    if (order.text() != "first second")
        ++wrong;
}

TEST_F(redis_connection, posted_and_awaited_commands_keep_their_order) {
    const mcp::redis::connection redis(server->url());
    asio::io_context io;
    int wrong = 0;
    asio::co_spawn(io, increment_and_post(redis, wrong), asio::detached);
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

TEST_F(redis_connection, temporary_refusals_are_unavailable) {
    auto where = server->settings();
    where.command_timeout = std::chrono::milliseconds(200);
    const mcp::redis::connection redis(where);
    const auto refused = [&](const char* error) {
        SCOPED_TRACE(error);
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
        ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
        EXPECT_THROW(await(redis.command("EVAL", script, 0)), mcp::redis::unavailable);
        EXPECT_EQ(redis.health().reason, "Redis refuses commands");
    }
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    for (const char* each : {"ERR", "ERR READONLY", "WRONGTYPE", "NOPERM", "WRONGPASS", "MOVED",
                             "BUSYGROUP", "OOMPH"}) {
        SCOPED_TRACE(each);
        const std::string script = "return redis.error_reply('" + std::string(each) + " ever')";
        EXPECT_THROW(await(redis.command("EVAL", script, 0)), mcp::redis::command_error);
    }
}

TEST_F(redis_connection, no_server_is_unavailable) {
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

TEST_F(redis_connection, a_server_that_hangs_is_dropped_and_connected_to_again) {
    const mcp::redis::connection redis(server->settings());
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    server->pause();
    EXPECT_THROW(await(redis.command("PING")), mcp::redis::unavailable);
    EXPECT_TRUE(eventually([&] { return !redis.healthy(); }));
    server->resume();
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    EXPECT_EQ(await(redis.command("PING")).text(), "PONG");
}

TEST_F(redis_connection, tells_the_round_trip_of_each_command) {
    auto settings = server->settings();
    std::atomic<int> answered{0};
    std::atomic<int> lost{0};
    settings.on_reply = [&](std::chrono::nanoseconds took, bool reply) {
        EXPECT_GT(took.count(), 0);
        ++(reply ? answered : lost);
    };
    const mcp::redis::connection redis(settings);
    await(redis.command("PING"));
    EXPECT_THROW(await(redis.command("NONSENSE")), mcp::redis::command_error);
    EXPECT_EQ(answered, 2);
    server->pause();
    EXPECT_THROW(await(redis.command("PING")), mcp::redis::unavailable);
    EXPECT_EQ(lost, 1);
    server->resume();
}

TEST_F(redis_connection, receives_messages_also_after_a_crash) {
    const mcp::redis::connection redis(server->settings());
    const auto receiver = std::make_shared<recording_listener>();
    redis.listen("news", receiver);
    await(redis.confirmed("news"));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(await(redis.command("PUBLISH", "news", i)).integer(), 1);
    EXPECT_TRUE(eventually([&] { return receiver->received().size() == 3; }));
    server->kill();
    ASSERT_TRUE(eventually([&] { return !redis.healthy(); }));
    EXPECT_THROW(await(redis.confirmed("news")), mcp::redis::unavailable);
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(eventually([&] { return receiver->restorations() == 1 && redis.healthy(); }));
    EXPECT_EQ(await(redis.command("PUBLISH", "news", "again")).integer(), 1);
    EXPECT_TRUE(eventually([&] { return receiver->received().size() == 4; }));
    EXPECT_EQ(receiver->received(),
              (std::vector<std::string>{"news:0", "news:1", "news:2", "news:again"}));
}

TEST_F(redis_connection, a_muted_channel_is_silent_and_can_be_listened_to_again) {
    const mcp::redis::connection redis(server->url());
    const auto receiver = std::make_shared<recording_listener>();
    for (int i = 0; i < 50; ++i) {
        redis.listen("news", receiver);
        redis.mute("news");
        redis.listen("news", receiver);
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

/// An address behind which there is now one Redis and then another, as that of a service is.
class relay {
public:
    explicit relay(std::uint16_t target) : target_(target) {
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;
    ~relay() {
        io_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Of the connections that come from now on.
    void lead_to(std::uint16_t target) { target_ = target; }

private:
    using socket = asio::ip::tcp::socket;
    struct direction {
        std::shared_ptr<socket> from, to;
        std::array<char, 4096> bytes{};
    };

    void accept() {
        acceptor_.async_accept([this](std::error_code failed, socket client) {
            if (failed)
                return;
            auto near = std::make_shared<socket>(std::move(client));
            auto far = std::make_shared<socket>(io_);
            far->connect({asio::ip::address_v4::loopback(), target_}, failed);
            if (!failed) {
                pump(std::make_shared<direction>(direction{near, far, {}}));
                pump(std::make_shared<direction>(direction{far, near, {}}));
            }
            accept();
        });
    }
    static void pump(const std::shared_ptr<direction>& one) {
        one->from->async_read_some(
            asio::buffer(one->bytes), [one](std::error_code failed, std::size_t got) {
                std::error_code ignored;
                if (!failed)
                    asio::write(*one->to, asio::buffer(one->bytes, got), failed);
                if (!failed)
                    return pump(one);
                one->from->close(ignored);
                one->to->close(ignored);
            });
    }

    asio::io_context io_{1};
    asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<std::uint16_t> target_;
    std::thread thread_;
};

TEST_F(redis_connection, a_server_that_becomes_a_replica_is_left_for_the_next_server) {
    test::redis_server next;
    relay address(server->port());
    auto to = server->settings();
    to.port = address.port();
    const mcp::redis::connection redis(to);
    const mcp::redis::connection old(server->settings());
    const mcp::redis::connection other(next.settings());
    const auto receiver = std::make_shared<recording_listener>();
    redis.listen("news", receiver);
    await(redis.confirmed("news"));
    EXPECT_EQ(await(redis.command("SET", "key", "value")).text(), "OK");

    address.lead_to(next.port());
    EXPECT_EQ(await(redis.command("SET", "key", "value")).text(), "OK") << "it stays connected";
    await(old.command("REPLICAOF", "127.0.0.1", std::to_string(next.port())));
    EXPECT_THROW(await(redis.command("SET", "key", "new")), mcp::redis::unavailable);
    ASSERT_TRUE(eventually([&] { return receiver->restorations() == 1 && redis.healthy(); }));
    EXPECT_EQ(await(redis.command("SET", "key", "new")).text(), "OK");
    EXPECT_EQ(await(other.command("GET", "key")).text(), "new");
    EXPECT_EQ(await(other.command("PUBSUB", "NUMSUB", "news")).elements().at(1).integer(), 1);
    EXPECT_EQ(await(other.command("PUBLISH", "news", "from the next")).integer(), 1);
    EXPECT_TRUE(eventually([&] { return !receiver->received().empty(); }));
}

TEST_F(redis_connection, a_replica_without_its_master_is_left) {
    relay address(server->port());
    test::redis_server next;
    auto to = server->settings();
    to.port = address.port();
    const mcp::redis::connection redis(to);
    const mcp::redis::connection old(server->settings());
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    await(old.command("CONFIG", "SET", "replica-serve-stale-data", "no"));
    await(old.command("REPLICAOF", "127.0.0.1", "1"));
    address.lead_to(next.port());
    EXPECT_THROW(await(redis.command("GET", "key")), mcp::redis::unavailable); // MASTERDOWN
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    EXPECT_TRUE(await(redis.command("GET", "key")).is_nil());
}

TEST_F(redis_connection, a_connection_that_is_no_longer_logged_in_is_replaced) {
    test::redis_server closed({"--requirepass", "secret"});
    auto to = closed.settings();
    to.password = "secret";
    const mcp::redis::connection redis(to);
    EXPECT_EQ(await(redis.command("SET", "key", "value")).text(), "OK");
    await(redis.command("RESET"));
    EXPECT_THROW(await(redis.command("GET", "key")), mcp::redis::unavailable); // NOAUTH
    ASSERT_TRUE(eventually([&] { return redis.healthy(); }));
    EXPECT_EQ(await(redis.command("GET", "key")).text(), "value");
}

TEST_F(redis_connection, a_forbidden_channel_is_reported_and_others_work) {
    const mcp::redis::connection root(server->settings());
    await(root.command("ACL", "SETUSER", "ann", "on", ">pw", "~*", "resetchannels", "&news",
                       "+@all"));
    auto to = server->settings();
    to.user = "ann";
    to.password = "pw";
    const mcp::redis::connection redis(to);
    const auto receiver = std::make_shared<recording_listener>();
    redis.listen("secrets", receiver);
    EXPECT_THROW(await(redis.confirmed("secrets")), mcp::redis::command_error);
    redis.listen("news", receiver);
    await(redis.confirmed("news"));
    EXPECT_EQ(await(root.command("PUBLISH", "news", "1")).integer(), 1);
    EXPECT_TRUE(eventually([&] { return receiver->received().size() == 1; }));
}

/// Counts the calls of `restored` before commands could be sent.
class health_checking_listener : public recording_listener {
public:
    explicit health_checking_listener(const mcp::redis::connection& redis) : redis_(redis) {}
    void restored(const std::string& channel) override {
        too_early_ += redis_.healthy() ? 0 : 1;
        recording_listener::restored(channel);
    }
    int too_early() const { return too_early_; }

private:
    const mcp::redis::connection& redis_;
    std::atomic<int> too_early_{0};
};

TEST_F(redis_connection, restored_is_called_when_commands_can_be_sent) {
    const mcp::redis::connection redis(server->settings());
    const mcp::redis::connection foreign(server->settings());
    const auto receiver = std::make_shared<health_checking_listener>(redis);
    redis.listen("news", receiver);
    await(redis.confirmed("news"));
    ASSERT_TRUE(eventually([&] { return redis.healthy() && foreign.healthy(); }));
    const auto id = [&] { return std::to_string(await(redis.command("CLIENT", "ID")).integer()); };
    for (int round = 1; round <= 20; ++round) { // which of the two comes back first is chance
        const std::string commands = id();
        await(foreign.command("CLIENT", "KILL", "TYPE", "pubsub"));
        await(foreign.command("CLIENT", "KILL", "ID", commands));
        ASSERT_TRUE(
            eventually([&] { return receiver->restorations() == round && redis.healthy(); }));
    }
    EXPECT_EQ(receiver->too_early(), 0);
}

/// Throws on every call.
class throwing_listener : public recording_listener {
public:
    void message(const std::string& channel, const std::string& text) override {
        recording_listener::message(channel, text);
        throw std::runtime_error("a listener's failure");
    }
    void restored(const std::string& channel) override {
        recording_listener::restored(channel);
        throw 42;
    }
};

TEST_F(redis_connection, exceptions_of_listeners_and_callbacks_are_dropped) {
    const mcp::redis::connection redis(server->settings());
    const auto receiver = std::make_shared<throwing_listener>();
    redis.listen("news", receiver);
    await(redis.confirmed("news"));
    for (int i = 0; i < 2; ++i)
        redis.post({"PUBLISH", "news", "x"}, [](const std::exception_ptr&, const reply& received) {
            (void)received.text(); // an integer
        });
    EXPECT_TRUE(eventually([&] { return receiver->received().size() == 2; }));
    server->kill();
    ASSERT_TRUE(eventually([&] { return !redis.healthy(); }));
    ASSERT_TRUE(server->start());
    ASSERT_TRUE(eventually([&] { return receiver->restorations() == 1; }));
    await(redis.confirmed("news"));
}

/// Replies as Redis does, and sends an extra reply on its first two connections: after the greeting,
/// and after each command that follows.
class unexpected_server {
public:
    explicit unexpected_server(std::string extra) : extra_(std::move(extra)) {
        accept();
        thread_ = std::thread([this] { io_.run(); });
    }
    unexpected_server(const unexpected_server&) = delete;
    unexpected_server& operator=(const unexpected_server&) = delete;
    ~unexpected_server() {
        io_.stop();
        thread_.join();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    struct peer {
        asio::ip::tcp::socket socket;
        bool odd;
        std::string in{};
    };

    void accept() {
        acceptor_.async_accept([this](std::error_code failed, asio::ip::tcp::socket socket) {
            if (failed)
                return;
            serve(std::make_shared<peer>(peer{std::move(socket), ++connections_ <= 2}));
            accept();
        });
    }

    void serve(const std::shared_ptr<peer>& to) {
        asio::async_read_until(
            to->socket, asio::dynamic_buffer(to->in), "\r\n",
            [this, to](std::error_code failed, std::size_t) {
                std::string out;
                for (auto words = take(to->in); !failed && !words.empty(); words = take(to->in)) {
                    out += words[0] == "SUBSCRIBE"
                               ? "*3\r\n$9\r\nsubscribe\r\n$" + std::to_string(words[1].size()) +
                                     "\r\n" + words[1] + "\r\n:1\r\n"
                               : "+" + words[0] + "\r\n";
                    if (to->odd)
                        out += extra_;
                }
                asio::write(to->socket, asio::buffer(out), failed);
                if (!failed)
                    serve(to);
            });
    }

    /// The words of the next command, if it is whole.
    static std::vector<std::string> take(std::string& in) {
        std::vector<std::string> words;
        std::size_t at = 0;
        const auto number = [&] {
            const auto end = in.find("\r\n", at);
            const auto value = std::stoul(in.substr(at + 1, end - at - 1));
            at = end + 2;
            return value;
        };
        if (in.find("\r\n") == in.npos)
            return {};
        for (auto left = number(); left > 0; --left) {
            if (in.find("\r\n", at) == in.npos)
                return {};
            const auto size = number();
            if (in.size() < at + size + 2)
                return {};
            words.push_back(in.substr(at, size));
            at += size + 2;
        }
        in.erase(0, at);
        return words;
    }

    const std::string extra_;
    asio::io_context io_{1};
    asio::ip::tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    int connections_ = 0;
    std::thread thread_;
};

TEST(redis_unexpected_replies, none_ends_the_process) {
    const char* const table[] = {
        ":1\r\n",
        "+OK\r\n",
        "$-1\r\n",
        "$5\r\nhello\r\n",
        "-ERR because\r\n",
        "-READONLY for now\r\n",
        "*-1\r\n",
        "*0\r\n",
        "*1\r\n$7\r\nmessage\r\n",
        "*2\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n",
        "*3\r\n$-1\r\n$-1\r\n$-1\r\n",
        "*3\r\n:1\r\n$4\r\nnews\r\n$1\r\nx\r\n",
        "*3\r\n$7\r\nmessage\r\n$-1\r\n$1\r\nx\r\n",
        "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$-1\r\n",
        "*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n*1\r\n:1\r\n",
        "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n$-1\r\n",
        "*3\r\n$9\r\nsubscribe\r\n$7\r\nunasked\r\n:1\r\n",
        "*3\r\n$11\r\nunsubscribe\r\n$4\r\nnews\r\n$-1\r\n",
        "*3\r\n$11\r\nunsubscribe\r\n$14\r\nasio-mcp:alive\r\n$1\r\nx\r\n",
        "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$4\r\nnews\r\n$1\r\nx\r\n",
        "*3\r\n$7\r\nMESSAGE\r\n$4\r\nnews\r\n$1\r\nx\r\n",
        "*3\r\n*0\r\n*0\r\n*0\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
        "$-2\r\n",
        "$99999999999999999999\r\n",
        "*99999999999999999999\r\n",
        ":twelve\r\n",
        "%1\r\n+a\r\n+b\r\n",
        ">2\r\n+a\r\n+b\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
    };
    for (const char* extra : table) {
        SCOPED_TRACE(extra);
        unexpected_server unexpected(extra);
        mcp::redis::settings to;
        to.port = unexpected.port();
        to.backoff_min = std::chrono::milliseconds(1);
        to.backoff_max = std::chrono::milliseconds(10);
        const mcp::redis::connection redis(to);
        const auto receiver = std::make_shared<recording_listener>();
        redis.listen("news", receiver);
        EXPECT_TRUE(eventually([&] {
            try {
                return await(redis.command("GET", "key")).text() == "GET";
            } catch (const std::exception&) {
                return false;
            }
        }));
        EXPECT_TRUE(eventually([&] {
            try {
                await(redis.confirmed("news"));
                return redis.healthy();
            } catch (const std::exception&) {
                return false;
            }
        }));
    }
}

} // namespace connection_test
