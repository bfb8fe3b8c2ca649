#include <mcp/server/health.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace health_test {

struct patient {
    std::atomic<bool> ok{true};
    std::atomic<bool> throws{false};
    std::optional<std::chrono::system_clock::time_point> since{};

    mcp::health_state health() const {
        if (throws)
            throw std::runtime_error("password=hunter2");
        return {ok, ok ? "" : "its disk is full", since};
    }
};
struct silent {};

TEST(health, who_cannot_say_is_not_asked) {
    mcp::detail::health_board board;
    EXPECT_TRUE(board.ask().healthy());
    board.add("replay_log", std::make_shared<silent>());
    EXPECT_TRUE(board.ask().parts.empty());
    EXPECT_EQ(board.ask().status(), "healthy");
}

TEST(health, names_who_is_ill_since_when_and_why) {
    const auto store = std::make_shared<patient>();
    mcp::detail::health_board board;
    board.add("session_store", store);
    board.add("sse_broker", std::make_shared<patient>());
    ASSERT_EQ(board.ask().parts.size(), 2U);
    EXPECT_FALSE(board.ask().parts[0].state.since);

    store->ok = false;
    const auto before = std::chrono::system_clock::now();
    const auto report = board.ask();
    EXPECT_EQ(report.status(), "degraded");
    EXPECT_EQ(report.parts[0].role, "session_store");
    EXPECT_EQ(report.parts[0].state.reason, "its disk is full");
    ASSERT_TRUE(report.parts[0].state.since);
    EXPECT_GE(*report.parts[0].state.since, before);
    EXPECT_TRUE(report.parts[1].state.ok);
    // It stays what it was when it was first seen.
    EXPECT_EQ(board.ask().parts[0].state.since, report.parts[0].state.since);

    store->since = before - std::chrono::hours(1); // it knows better
    EXPECT_EQ(board.ask().parts[0].state.since, store->since);

    store->ok = true;
    EXPECT_TRUE(board.ask().healthy());
    EXPECT_FALSE(board.ask().parts[0].state.since);
}

TEST(health, what_is_thrown_is_not_shown) {
    const auto store = std::make_shared<patient>();
    mcp::detail::health_board board;
    board.add("session_store", store);
    store->throws = true;
    const auto report = board.ask();
    EXPECT_FALSE(report.healthy());
    EXPECT_EQ(report.parts[0].state.reason, "the health check failed");
    EXPECT_TRUE(report.parts[0].state.since);
}

TEST(health, may_be_asked_from_many_threads) {
    const auto store = std::make_shared<patient>();
    mcp::detail::health_board board;
    board.add("session_store", store);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                store->ok = !store->ok;
                const auto report = board.ask();
                EXPECT_EQ(report.healthy(), !report.parts[0].state.since);
            }
        });
    for (auto& each : threads)
        each.join();
}

} // namespace health_test
