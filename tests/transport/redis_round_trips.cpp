#include <mcp/broker/redis_broker.hpp>
#include <mcp/server/server.hpp>
#include <mcp/session/redis_sessions.hpp>
#include <mcp/transport/streamable_http.hpp>

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <redis/redis_server.hpp>
#include <string>
#include <string_view>
#include <support/mcp_http.hpp>

// What a call costs a server whose sessions are in Redis, counted by Redis itself.

namespace redis_round_trips_test {

class redis_round_trips : public test::with_redis {
protected:
    mcp::redis::settings quiet() {
        auto to = server->settings();
        to.command_timeout = std::chrono::minutes(1); // nor does it ask for signs of life
        return to;
    }

    /// How many commands Redis has done since `forget`.
    int commands(const mcp::redis::connection& redis) {
        const auto answer = test::await(redis.command("INFO", "commandstats"));
        const std::string text = answer.text();
        constexpr std::string_view mark = ":calls=";
        int sum = 0;
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1))
            sum += std::stoi(text.substr(at + mark.size()));
        return sum - 1; // CONFIG RESETSTAT; this INFO is not counted yet
    }
    void forget(const mcp::redis::connection& redis) {
        test::await(redis.command("CONFIG", "RESETSTAT"));
    }

    void check(mcp::any_server& test_server, const mcp::redis::connection& redis) {
        redis.listen("x", {});
        test::await(redis.confirmed("x")); // so the connection is quiet from now on
        test_server.tool<"now">("At once", [] { return std::string("now"); });
        test_server.tool<"later">("Later", []() -> asio::awaitable<std::string> {
            co_await asio::post(asio::use_awaitable);
            co_return "later";
        });
        mcp::streamable_http endpoint(test_server);
        const std::string id = wire::open_session(endpoint);
        for (const char* tool : {"now", "later"}) {
            SCOPED_TRACE(tool);
            const auto call = wire::legacy_tool(id, tool);
            EXPECT_EQ(wire::ask(endpoint, call).code, 200); // what is done once is done
            int done = 0;
            const auto counted = [&] {
                forget(redis);
                for (int i = 0; i < 20; ++i)
                    EXPECT_EQ(wire::ask(endpoint, call).code, 200);
                done = commands(redis);
                return done <= 20;
            };
            // What is done once, such as a subscription, may still be under way the first time.
            EXPECT_TRUE(test::eventually(counted)) << done;
            EXPECT_GE(done, 20) << "who did not look has not seen that the session has ended";
            forget(redis);
            EXPECT_EQ(wire::ask(endpoint, wire::modern_tool(tool)).code, 200);
            EXPECT_EQ(commands(redis), 0);
        }
    }
};

TEST_F(redis_round_trips, a_call_takes_one_with_sessions) {
    const mcp::redis::connection redis(quiet());
    mcp::server test_server{"weather", "1", mcp::redis_sessions(redis)};
    check(test_server, redis);
}

TEST_F(redis_round_trips, a_call_takes_one_with_a_broker_too) {
    const mcp::redis::connection redis(quiet());
    mcp::server test_server{"weather", "1", mcp::redis_sessions(redis), mcp::redis_broker(redis)};
    check(test_server, redis);
}

} // namespace redis_round_trips_test
