#include <mcp/session/memory_sessions.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace memory_sessions_test {

using namespace std::chrono_literals;

class memory_sessions : public testing::Test {
protected:
    mcp::memory_sessions make(std::size_t capacity = 100) {
        mcp::session_limits limits;
        limits.idle = 60s;
        limits.age = 600s;
        limits.sweep = 10s;
        limits.capacity = capacity;
        limits.now = [now = now] { return *now; };
        return mcp::memory_sessions(limits);
    }
    static mcp::session_record record(std::string id) {
        mcp::session_record made;
        made.id = std::move(id);
        made.owner = "alice";
        return made;
    }
    std::shared_ptr<std::chrono::steady_clock::time_point> now =
        std::make_shared<std::chrono::steady_clock::time_point>(24h);
};

TEST_F(memory_sessions, keeps_finds_replaces_and_forgets) {
    auto store = make();
    EXPECT_EQ(store.find("a"), nullptr);
    EXPECT_TRUE(store.create(record("a")));
    EXPECT_FALSE(store.create(record("a"))) << "ids are unique";
    ASSERT_NE(store.find("a"), nullptr);
    EXPECT_EQ(store.find("a")->owner, "alice");
    auto changed = record("a");
    changed.threshold = mcp::log_level::alert;
    const auto before = store.find("a");
    EXPECT_TRUE(store.update(changed));
    EXPECT_EQ(store.find("a")->threshold, mcp::log_level::alert);
    EXPECT_EQ(before->threshold, mcp::log_level::info) << "a record does not change";
    EXPECT_FALSE(store.update(record("b")));
    EXPECT_TRUE(store.erase("a"));
    EXPECT_FALSE(store.erase("a"));
    EXPECT_EQ(store.find("a"), nullptr);
    EXPECT_EQ(store.size(), 0u);
}

TEST_F(memory_sessions, expire_by_idleness_and_by_age) {
    auto store = make();
    store.create(record("busy"));
    store.create(record("idle"));
    for (int i = 0; i < 11; ++i) {
        *now += 50s;
        EXPECT_NE(store.find("busy"), nullptr);
    }
    EXPECT_EQ(store.find("idle"), nullptr);
    *now += 59s;
    EXPECT_EQ(store.find("busy"), nullptr) << "older than any session may be";
    store.create(record("new")); // the old ones are swept
    EXPECT_EQ(store.size(), 1u);
}

TEST(memory_sessions_limits, may_be_for_ever) {
    mcp::memory_sessions store({.idle = std::chrono::seconds::max(),
                                .age = std::chrono::seconds::max(),
                                .sweep = std::chrono::seconds::max()});
    mcp::session_record one;
    one.id = "a";
    EXPECT_TRUE(store.create(one));
    EXPECT_NE(store.find("a"), nullptr);
}

TEST_F(memory_sessions, a_full_store_takes_no_more_until_some_have_gone) {
    auto store = make(2);
    EXPECT_TRUE(store.create(record("a")));
    EXPECT_TRUE(store.create(record("b")));
    EXPECT_FALSE(store.create(record("c")));
    *now += 61s;
    EXPECT_TRUE(store.create(record("c"))) << "expired sessions make room";
}

TEST_F(memory_sessions, a_full_store_looks_for_room_before_it_refuses) {
    auto store = make(2);
    store.create(record("a"));
    *now += 3s;
    store.create(record("b"));
    *now += 58s;
    EXPECT_TRUE(store.create(record("c"))) << "a has been idle for 61 s";
    EXPECT_FALSE(store.create(record("d")));
    *now += 3s; // the next sweep would be in 7 s
    EXPECT_TRUE(store.create(record("d"))) << "b has gone meanwhile";
    EXPECT_EQ(store.size(), 2u);
}

TEST_F(memory_sessions, a_store_full_of_living_sessions_is_looked_through_once_a_second) {
    auto store = make(1);
    store.create(record("a"));
    *now += 59s + 900ms;
    EXPECT_FALSE(store.create(record("b")));
    *now += 600ms;
    EXPECT_FALSE(store.create(record("b"))) << "a has expired, which nobody has seen yet";
    *now += 400ms;
    EXPECT_TRUE(store.create(record("b")));
}

TEST_F(memory_sessions, replaces_only_what_it_was_told) {
    auto store = make();
    auto changed = record("a");
    changed.subscriptions = {"x"};
    EXPECT_FALSE(store.replace(record("a"), changed));
    store.create(record("a"));
    EXPECT_TRUE(store.replace(record("a"), changed));
    EXPECT_FALSE(store.replace(record("a"), changed)) << "it has been changed";
    EXPECT_EQ(store.find("a")->subscriptions, changed.subscriptions);
}

TEST_F(memory_sessions, bytes_are_counted_and_bounded) {
    mcp::session_limits limits;
    limits.bytes = 100'000;
    limits.idle = 60s;
    limits.now = [now = now] { return *now; };
    mcp::memory_sessions store(limits);
    auto large = record("a");
    large.client.name.assign(40'000, 'x');
    EXPECT_TRUE(store.create(large));
    EXPECT_GE(store.bytes(), 40'000U);
    EXPECT_FALSE(store.create(large)) << "ids are unique";
    large.id = "b";
    EXPECT_TRUE(store.create(large));
    large.id = "c";
    EXPECT_FALSE(store.create(large));
    EXPECT_EQ(store.size(), 2U);
    EXPECT_TRUE(store.create(record("d"))) << "there is room for a small one";

    auto grown = *store.find("d");
    grown.subscriptions.assign(1, std::string(50'000, 'x'));
    EXPECT_THROW(store.update(grown), mcp::unavailable);
    EXPECT_THROW(store.replace(record("d"), grown), mcp::unavailable);
    EXPECT_EQ(mcp::to_text(*store.find("d")), mcp::to_text(record("d")));
    EXPECT_TRUE(store.erase("a"));
    EXPECT_TRUE(store.update(grown));
    EXPECT_TRUE(store.update(record("d"))) << "it shrinks";
    EXPECT_TRUE(store.create(large));
    *now += 61s;
    large.id = "e";
    EXPECT_TRUE(store.create(large)) << "expired sessions make room";
    EXPECT_EQ(store.size(), 1U);
    EXPECT_TRUE(store.erase("e"));
    EXPECT_EQ(store.bytes(), 0U);
}

TEST_F(memory_sessions, capacity_holds_for_sessions_that_come_at_once) {
    auto store = make(50);
    std::vector<std::thread> threads;
    std::atomic<int> made{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i)
                made += store.create(record(std::to_string(t * 100 + i))) ? 1 : 0;
        });
    for (auto& each : threads)
        each.join();
    EXPECT_EQ(made, 50);
    EXPECT_EQ(store.size(), 50U);
}

} // namespace memory_sessions_test
