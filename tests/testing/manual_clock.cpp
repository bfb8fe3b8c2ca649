#include <mcp/testing/manual_clock.hpp>

#include <mcp/limit/token_bucket.hpp>
#include <mcp/server/server.hpp>
#include <mcp/state/parked_state.hpp>
#include <mcp/testing/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace manual_clock_test {

using namespace std::chrono_literals;

TEST(manual_clock, copies_are_one_clock) {
    const std::chrono::sys_days start{std::chrono::year(2026) / 1 / 1};
    const mcp::testing::manual_clock clock(start);
    const std::function<std::chrono::system_clock::time_point()> system = clock;
    const std::function<std::chrono::steady_clock::time_point()> steady = clock;
    EXPECT_EQ(system(), start);
    const auto before = steady();
    clock.advance(90s);
    EXPECT_EQ(system(), start + 90s);
    EXPECT_EQ(steady(), before + 90s);
}

TEST(manual_clock, is_the_clock_of_a_collaborator) {
    const mcp::testing::manual_clock clock;
    mcp::token_bucket bucket({.permits = 1, .per = 1min}, {.now = clock});
    EXPECT_TRUE(bucket.acquire("ann").allowed);
    EXPECT_FALSE(bucket.acquire("ann").allowed);
    clock.advance(1min);
    EXPECT_TRUE(bucket.acquire("ann").allowed);
}

struct confirmation {
    bool sure = false;
};

TEST(manual_clock, an_answer_may_come_too_late) {
    const mcp::testing::manual_clock clock;
    mcp::server server{"test", "1", mcp::parked_state({.ttl = 10min, .now = clock})};
    server.tool<"delete">("", [](mcp::context& ctx) -> asio::awaitable<std::string> {
        const auto answer = co_await ctx.elicit<confirmation>("Sure?");
        co_return answer && answer->sure ? "deleted" : "kept";
    });
    mcp::testing::client client(server);
    struct case_ {
        std::chrono::minutes wait;
        std::string outcome;
    };
    for (const case_& each : {case_{9min, "deleted"}, case_{11min, "expired"}}) {
        client.on_elicit([&] {
            clock.advance(each.wait);
            return confirmation{true};
        });
        std::string got;
        try {
            got = client.call<std::string>("delete");
        } catch (const mcp::protocol_error& late) {
            got = std::string(late.what()).find("expired") != std::string::npos ? "expired" : "";
        }
        EXPECT_EQ(got, each.outcome);
    }
}

} // namespace manual_clock_test
