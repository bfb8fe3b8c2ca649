#include <mcp/broker/redis_broker.hpp>
#include <mcp/limit/redis_rate_limiter.hpp>
#include <mcp/replay/redis_replay.hpp>
#include <mcp/server/health.hpp>
#include <mcp/session/redis_sessions.hpp>

#include <gtest/gtest.h>

#include "redis/redis_server.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace redis_health_test {

class redis_health : public test::with_redis {};

TEST_F(redis_health, tells_that_redis_is_away_since_when_and_that_it_is_back) {
    const mcp::redis::connection redis(server->settings());
    mcp::detail::health_board board;
    board.add("rate_limiter", std::make_shared<mcp::redis_rate_limiter>(
                                  redis, mcp::rate{10, std::chrono::seconds(1)}));
    board.add("session_store", std::make_shared<mcp::redis_sessions>(redis));
    board.add("sse_broker", std::make_shared<mcp::redis_broker>(redis));
    board.add("replay_log", std::make_shared<mcp::redis_replay>(redis));
    ASSERT_TRUE(test::eventually([&] { return board.ask().healthy(); }));
    ASSERT_EQ(board.ask().parts.size(), 4U);

    const auto before = std::chrono::system_clock::now();
    server->kill();
    ASSERT_TRUE(test::eventually([&] { return !board.ask().healthy(); }));
    const auto report = board.ask();
    const auto now = std::chrono::system_clock::now();
    for (const auto& each : report.parts) {
        EXPECT_FALSE(each.state.ok) << each.role;
        EXPECT_EQ(each.state.reason, "Redis cannot be reached");
        ASSERT_TRUE(each.state.since);
        EXPECT_GE(*each.state.since, before);
        EXPECT_LE(*each.state.since, now);
    }
    // Attempts to come back that fail do not begin the time anew.
    EXPECT_EQ(board.ask().parts[0].state.since, report.parts[0].state.since);

    ASSERT_TRUE(server->start());
    EXPECT_TRUE(test::eventually([&] { return board.ask().healthy(); }));
}

} // namespace redis_health_test
