#include <mcp/async/invoke.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace invoke_test {

using mcp::detail::awaited_t;
using mcp::detail::is_awaitable_v;
using mcp::detail::is_blocking_v;

static_assert(is_awaitable_v<asio::awaitable<int>>);
static_assert(is_awaitable_v<asio::awaitable<void>&&>);
static_assert(!is_awaitable_v<int>);
static_assert(!is_awaitable_v<void>);
static_assert(std::is_same_v<awaited_t<asio::awaitable<int>>, int>);
static_assert(std::is_same_v<awaited_t<int>, int>);
static_assert(std::is_same_v<awaited_t<void>, void>);

struct slow_store {
    static constexpr bool blocking = true;
    int load();
};
struct quick_store {
    static constexpr bool blocking = false;
};
auto wrapped = mcp::blocking([](int x) { return x + 1; });
static_assert(is_blocking_v<slow_store>);
static_assert(is_blocking_v<const slow_store&>);
static_assert(is_blocking_v<decltype(wrapped)>);
static_assert(!is_blocking_v<quick_store>);
static_assert(!is_blocking_v<int (*)(int)>);

/// Runs `body` to its end and rethrows what it throws.
template <class Body>
void run(Body body) {
    asio::io_context loop;
    std::exception_ptr failure;
    asio::co_spawn(loop, std::move(body), [&](std::exception_ptr e) { failure = e; });
    loop.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

int twice(int x) {
    return 2 * x;
}

asio::awaitable<int> twice_later(int x) {
    co_return 2 * x;
}

TEST(invoke, values_come_alike_from_both) {
    run([]() -> asio::awaitable<void> {
        EXPECT_EQ(co_await mcp::detail::invoke(twice, 21), 42);
        EXPECT_EQ(co_await mcp::detail::invoke(twice_later, 21), 42);
        std::string text = "a text that is longer than a small string";
        auto echo = [](const std::string& s) { return s; };
        EXPECT_EQ(co_await mcp::detail::invoke(echo, text), text);
    });
}

TEST(invoke, takes_functions_without_result_and_move_only_results) {
    run([]() -> asio::awaitable<void> {
        int calls = 0;
        auto count = [&calls] { ++calls; };
        auto count_later = [&calls]() -> asio::awaitable<void> {
            ++calls;
            co_return;
        };
        co_await mcp::detail::invoke(count);
        co_await mcp::detail::invoke(count_later);
        EXPECT_EQ(calls, 2);
        auto make = [] { return std::make_unique<int>(7); };
        std::unique_ptr<int> made = co_await mcp::detail::invoke(make);
        EXPECT_EQ(*made, 7);
    });
}

TEST(invoke, takes_members) {
    run([]() -> asio::awaitable<void> {
        struct counter {
            int value = 1;
            int add(int n) { return value += n; }
        } c;
        EXPECT_EQ(co_await mcp::detail::invoke(&counter::add, c, 2), 3);
        EXPECT_EQ(co_await mcp::detail::invoke(&counter::value, c), 3);
    });
}

TEST(invoke, an_ordinary_function_has_run_before_anything_is_awaited) {
    bool called = false;
    auto f = [&called] { called = true; };
    {
        auto pending = mcp::detail::invoke(f);
    }
    EXPECT_TRUE(called);
}

TEST(invoke, exceptions_come_out_of_both) {
    const auto body = [](auto f) {
        return [f]() -> asio::awaitable<void> { co_await mcp::detail::invoke(f); };
    };
    const auto now = [] { throw std::runtime_error("now"); };
    const auto later = []() -> asio::awaitable<void> {
        throw std::runtime_error("later");
        co_return;
    };
    EXPECT_THROW(run(body(now)), std::runtime_error);
    EXPECT_THROW(run(body(later)), std::runtime_error);
}

TEST(invoke, blocking_calls_like_what_it_wraps) {
    EXPECT_EQ(wrapped(1), 2);
    const auto fixed = mcp::blocking(twice);
    EXPECT_EQ(fixed(4), 8);
    EXPECT_EQ(fixed.function()(5), 10);
}

} // namespace invoke_test
