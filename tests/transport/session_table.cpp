#include <mcp/transport/legacy/session_table.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using mcp::legacy::http_session;
using mcp::legacy::session_limits;
using mcp::legacy::session_table;

/// A table with a clock that the test moves.
struct fixture {
    explicit fixture(session_limits limits = {}) {
        limits.now = [this] { return now; };
        table = std::make_unique<session_table>(std::move(limits));
        table->on_expiry([this](http_session& gone) { expired.insert(gone.client->id()); });
    }
    std::string open() {
        const auto made = table->create("", {}, 0, std::nullopt);
        return made ? made->client->id() : std::string();
    }

    std::chrono::steady_clock::time_point now{24h};
    std::unique_ptr<session_table> table;
    std::set<std::string> expired;
};

session_limits limits(std::chrono::seconds idle, std::chrono::seconds age,
                      std::size_t capacity = 100) {
    session_limits l;
    l.idle = idle;
    l.age = age;
    l.sweep = 10s;
    l.capacity = capacity;
    return l;
}

TEST(session_table, ids) {
    fixture f;
    std::set<std::string> ids;
    for (int i = 0; i < 1000; ++i)
        ids.insert(f.open());
    EXPECT_EQ(ids.size(), 1000u);
    EXPECT_EQ(f.table->size(), 1000u);
    for (const std::string& id : ids) {
        EXPECT_EQ(id.size(), 32u);
        EXPECT_EQ(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
                  id.npos);
        EXPECT_EQ(f.table->find(id)->client->id(), id);
    }
    EXPECT_EQ(f.table->find(""), nullptr);
    EXPECT_EQ(f.table->find("x"), nullptr);
}

TEST(session_table, erase) {
    fixture f;
    const std::string id = f.open();
    const auto gone = f.table->erase(id);
    ASSERT_TRUE(gone);
    EXPECT_EQ(gone->client->id(), id);
    EXPECT_EQ(f.table->erase(id), nullptr);
    EXPECT_EQ(f.table->find(id), nullptr);
    EXPECT_EQ(f.table->size(), 0u);
}

TEST(session_table, idle_since_the_last_request) {
    fixture f(limits(60s, 1h));
    const std::string used = f.open();
    const std::string idle = f.open();
    f.now += 60s;
    EXPECT_TRUE(f.table->find(used)) << "exactly the limit is not beyond it";
    f.now += 1s;
    EXPECT_TRUE(f.table->find(used));
    EXPECT_FALSE(f.table->find(idle));
    EXPECT_TRUE(f.expired.empty()) << "the sweep ends it";
    f.open();
    EXPECT_EQ(f.expired, std::set<std::string>{idle});
    EXPECT_EQ(f.table->size(), 2u);
}

TEST(session_table, age_whatever_happens) {
    fixture f(limits(60s, 100s));
    const std::string id = f.open();
    f.now += 50s;
    EXPECT_TRUE(f.table->find(id));
    f.now += 50s;
    EXPECT_TRUE(f.table->find(id));
    f.now += 1s;
    EXPECT_FALSE(f.table->find(id));
}

TEST(session_table, sweeps_now_and_then) {
    fixture f(limits(1s, 1h));
    const std::string first = f.open(); // sweeps
    f.now += 5s;
    f.open();
    EXPECT_TRUE(f.expired.empty()) << "too soon to look again";
    EXPECT_EQ(f.table->size(), 2u);
    f.now += 5s;
    f.open();
    EXPECT_EQ(f.expired.size(), 2u);
    EXPECT_EQ(f.table->size(), 1u);
}

TEST(session_table, capacity) {
    fixture f(limits(60s, 1h, 2));
    const std::string first = f.open();
    f.open();
    EXPECT_EQ(f.open(), "");
    EXPECT_EQ(f.table->size(), 2u);
    f.table->erase(first);
    EXPECT_NE(f.open(), "");
    f.now += 61s;
    EXPECT_NE(f.open(), "") << "those that are too old make room";
    EXPECT_EQ(f.table->size(), 1u);
}

TEST(session_table, a_full_table_is_swept_whenever_one_comes) {
    fixture f(limits(1s, 1h, 2));
    f.open();
    f.open();
    f.now += 2s; // less than between two sweeps
    EXPECT_NE(f.open(), "");
    EXPECT_EQ(f.expired.size(), 2u);
}

TEST(session_table, streams_of_a_session) {
    fixture f;
    const auto plain = f.table->create("", {}, 0, std::nullopt);
    EXPECT_FALSE(plain->resumable());
    EXPECT_EQ(plain->find_reply(0), plain->events);
    plain->open_reply();
    EXPECT_EQ(plain->find_reply(1), nullptr);

    const auto resumable = f.table->create("", {}, 10, 1ms);
    EXPECT_TRUE(resumable->resumable());
    const auto first = resumable->open_reply();
    const auto second = resumable->open_reply();
    EXPECT_EQ(resumable->find_reply(1), first);
    EXPECT_EQ(resumable->find_reply(2), second);
    EXPECT_EQ(resumable->find_reply(3), nullptr);
    for (int i = 0; i < 100; ++i)
        resumable->open_reply();
    EXPECT_EQ(resumable->find_reply(1), nullptr) << "only the newest are kept";
    EXPECT_TRUE(resumable->find_reply(102));
    EXPECT_FALSE(plain->events->deliver("session:x", "{}")) << "nobody reads before the GET";
}

TEST(session_table, many_threads) {
    session_table table(limits(1h, 1h, 50));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&table] {
            for (int i = 0; i < 500; ++i)
                if (const auto made = table.create("", {}, 0, std::nullopt)) {
                    EXPECT_EQ(table.find(made->client->id()), made);
                    EXPECT_EQ(table.erase(made->client->id()), made);
                }
        });
    for (std::thread& each : threads)
        each.join();
    EXPECT_EQ(table.size(), 0u);
}

} // namespace
