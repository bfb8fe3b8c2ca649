#include <mcp/http/shard.hpp>

#include <mcp/async/byte_budget.hpp>
#include <mcp/http/limits.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

namespace shard_test {

using namespace std::chrono_literals;
using namespace mcp::http;

struct fixture {
    asio::io_context loop;
    handler answer;
    limits limit;
    std::function<void(std::exception_ptr)> on_error;
    std::atomic<std::size_t> open{0};
    shard home{loop, answer, limit, on_error, open};
};

struct member final : shard_member {
    explicit member(shard& home) : shard_member(home) {}
    void tick() override {
        ++ticks;
        on_tick ? on_tick() : void();
    }
    void drain() override { ++drains; }
    void abort() override { leave(); }

    std::function<void()> on_tick;
    int ticks = 0;
    int drains = 0;
};

TEST(shard, reaches_every_member) {
    fixture f;
    member a(f.home);
    member b(f.home);
    auto c = std::make_unique<member>(f.home);
    EXPECT_EQ(f.home.size(), 3U);
    EXPECT_EQ(f.open, 3U);
    f.home.tick(shard::clock::time_point(1s), {});
    c.reset();
    f.home.drain();
    EXPECT_EQ(a.ticks + b.ticks, 2);
    EXPECT_EQ(a.drains + b.drains, 2);
    f.home.abort();
    EXPECT_EQ(f.home.size(), 0U);
    EXPECT_EQ(f.open, 0U);
}

TEST(shard, members_may_leave_while_it_goes_round) {
    for (int who = 0; who < 3; ++who) {
        for (int whom = 0; whom < 3; ++whom) {
            fixture f;
            std::vector<std::unique_ptr<member>> members(3);
            for (auto& m : members) {
                m = std::make_unique<member>(f.home);
            }
            auto& victim = members[static_cast<std::size_t>(whom)];
            if (who == whom) {
                victim->on_tick = [&] { f.home.size() > 2 ? victim->abort() : void(); };
            } else {
                members[static_cast<std::size_t>(who)]->on_tick = [&] { victim.reset(); };
            }
            f.home.tick(shard::clock::time_point(1s), {});
            EXPECT_EQ(f.home.size(), 2U);
        }
    }
}

TEST(shard, its_clock_never_goes_back) {
    fixture f;
    f.home.tick(shard::clock::time_point(5s), std::chrono::sys_seconds(0s));
    f.home.tick(shard::clock::time_point(3s), std::chrono::sys_seconds(1s));
    EXPECT_EQ(f.home.now(), shard::clock::time_point(5s));
    EXPECT_EQ(f.home.date(), "Thu, 01 Jan 1970 00:00:01 GMT");
}

TEST(shard, a_log_that_throws_does_no_harm) {
    fixture f;
    f.home.report(std::make_exception_ptr(1));
    f.on_error = [](std::exception_ptr) { throw std::runtime_error("disk full"); };
    EXPECT_NO_THROW(f.home.report(std::make_exception_ptr(1)));
}

} // namespace shard_test
