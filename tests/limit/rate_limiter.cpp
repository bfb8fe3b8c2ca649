#include <mcp/limit/rate_limiter.hpp>

#include <mcp/testing/collaborator.hpp>

#include <asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace {

struct sync_limiter {
    mcp::rate_decision acquire(const std::string& key) { return {key != "bad", {}}; }
};
struct awaitable_limiter {
    asio::awaitable<mcp::rate_decision> acquire(std::string key) {
        mcp::rate_decision decision;
        decision.allowed = key != "bad";
        co_return decision;
    }
};
struct blocking_limiter : sync_limiter {
    static constexpr bool blocking = true;
};
struct no_limiter {
    bool acquire(const std::string&) { return true; }
};
static_assert(!mcp::rate_limiter<no_limiter>);

asio::awaitable<bool> allowed(const mcp::any_rate_limiter& limiter, std::string key) {
    auto step = limiter.acquire(key);
    co_await step.settle();
    co_return step.take().allowed;
}

template <class Limiter>
void ask() {
    asio::thread_pool pool(1);
    const mcp::any_rate_limiter limiter(std::make_shared<Limiter>(),
                                        [&] { return pool.get_executor(); });
    EXPECT_TRUE(mcp::testing::settled([&] { return allowed(limiter, "good"); }));
    EXPECT_FALSE(mcp::testing::settled([&] { return allowed(limiter, "bad"); }));
    pool.join();
}

TEST(rate_limiter, may_be_sync_awaitable_or_blocking) {
    ask<sync_limiter>();
    ask<awaitable_limiter>();
    ask<blocking_limiter>();
}

} // namespace
