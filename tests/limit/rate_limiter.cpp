#include <mcp/limit/rate_limiter.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

// Named: g++ warns of a coroutine frame that holds a lambda over types without linkage.
namespace rate_limiter_test {

using namespace std::chrono_literals;
using mcp::rate_decision;

/// Two permits for each key.
struct counter {
    rate_decision take(const std::string& key) {
        if (key == "broken")
            throw std::runtime_error("no store");
        return ++taken[key] <= 2 ? rate_decision{} : rate_decision{false, 1500ms};
    }
    std::map<std::string, int> taken{};
};

struct sync_limiter : counter {
    rate_decision acquire(const std::string& key) { return take(key); }
};
struct view_limiter : counter {
    rate_decision acquire(std::string_view key) { return take(std::string(key)); }
};
struct awaitable_limiter : counter {
    asio::awaitable<rate_decision> acquire(std::string key) {
        co_await asio::post(asio::use_awaitable);
        co_return take(key);
    }
};
/// Looks at its key after it was suspended, when a careless caller's would be gone.
struct awaitable_by_reference : counter {
    asio::awaitable<rate_decision> acquire(const std::string& key) {
        co_await asio::post(asio::use_awaitable);
        co_return take(key);
    }
};
struct blocking_limiter : counter {
    static constexpr bool blocking = true;
    rate_decision acquire(const std::string& key) {
        ran_on = std::this_thread::get_id();
        return take(key);
    }
    std::thread::id ran_on{};
};

struct no_limiter {};
struct wrong_result {
    bool acquire(std::string);
};
struct wrong_key {
    rate_decision acquire(int);
};

static_assert(mcp::rate_limiter<sync_limiter>);
static_assert(mcp::rate_limiter<view_limiter>);
static_assert(mcp::rate_limiter<awaitable_limiter>);
static_assert(mcp::rate_limiter<awaitable_by_reference>);
static_assert(mcp::rate_limiter<blocking_limiter>);
static_assert(!mcp::rate_limiter<no_limiter>);
static_assert(!mcp::rate_limiter<wrong_result>);
static_assert(!mcp::rate_limiter<wrong_key>);
static_assert(!mcp::rate_limiter<int>);

template <class Limiter>
class any_limiter : public testing::Test {
protected:
    rate_decision acquire(const std::string& key) {
        asio::io_context loop;
        std::optional<rate_decision> outcome;
        std::exception_ptr failure;
        auto run = [&]() -> asio::awaitable<void> {
            auto acquired = any.acquire(key);
            ready = acquired.ready();
            if (!ready)
                co_await acquired.settle();
            outcome = acquired.take();
        };
        asio::co_spawn(loop, run, [&](std::exception_ptr e) { failure = e; });
        loop.run();
        if (failure)
            std::rethrow_exception(failure);
        return *outcome;
    }

    asio::thread_pool pool{1};
    std::shared_ptr<Limiter> limiter = std::make_shared<Limiter>();
    mcp::detail::any_rate_limiter any{limiter, [this] { return pool.get_executor(); }};
    bool ready = false;
};

using limiters = testing::Types<sync_limiter, view_limiter, awaitable_limiter,
                                awaitable_by_reference, blocking_limiter>;
TYPED_TEST_SUITE(any_limiter, limiters);

TYPED_TEST(any_limiter, says_what_the_limiter_says) {
    // Longer than what a string holds without memory of its own.
    const std::string ann = "subject:ann-of-the-very-long-name-that-needs-the-heap";
    EXPECT_TRUE(this->acquire(ann).allowed);
    EXPECT_TRUE(this->acquire(ann).allowed);
    const rate_decision third = this->acquire(ann);
    EXPECT_FALSE(third.allowed);
    EXPECT_EQ(third.retry_after, 1500ms);
    EXPECT_TRUE(this->acquire("subject:bob").allowed);
    EXPECT_EQ(this->limiter->taken[ann], 3);
    EXPECT_EQ(this->limiter->taken["subject:bob"], 1);
}

TYPED_TEST(any_limiter, carries_what_is_thrown) {
    EXPECT_THROW(this->acquire("broken"), std::runtime_error);
}

TYPED_TEST(any_limiter, waits_only_where_it_must) {
    this->acquire("a");
    constexpr bool at_once =
        std::is_same_v<TypeParam, sync_limiter> || std::is_same_v<TypeParam, view_limiter>;
    EXPECT_EQ(this->ready, at_once);
    if constexpr (mcp::detail::is_blocking_v<TypeParam>) {
        EXPECT_NE(this->limiter->ran_on, std::thread::id());
        EXPECT_NE(this->limiter->ran_on, std::this_thread::get_id());
    }
}

TEST(rate_limiter, a_decision_lets_pass_unless_told) {
    EXPECT_TRUE(rate_decision().allowed);
    EXPECT_EQ(rate_decision().retry_after, 0ms);
}

} // namespace rate_limiter_test
