// SPDX-License-Identifier: MIT
#include <mcp/client/bearer.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/use_future.hpp>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace {

template <class T>
T result_of(asio::awaitable<T> work) {
    asio::io_context loop;
    auto result = asio::co_spawn(loop, std::move(work), asio::use_future);
    loop.run();
    return result.get();
}

bool challenged(mcp::bearer& by, std::string used) {
    mcp::authorization_challenge challenge;
    challenge.used = std::move(used);
    return result_of(by.challenged(std::move(challenge)));
}

TEST(bearer, sends_its_token) {
    mcp::bearer by("t");
    EXPECT_EQ(result_of(by.authorization("https://m.example")), "Bearer t");
    EXPECT_FALSE(challenged(by, "Bearer t"));
    mcp::bearer none(std::string{});
    EXPECT_EQ(result_of(none.authorization("https://m.example")), "");
    EXPECT_FALSE(challenged(none, ""));
}

TEST(bearer, asks_a_function_for_each_request) {
    int calls = 0;
    mcp::bearer by([&] { return std::to_string(++calls); });
    EXPECT_EQ(result_of(by.authorization("https://m.example")), "Bearer 1");
    EXPECT_EQ(result_of(by.authorization("https://m.example")), "Bearer 2");
    EXPECT_TRUE(challenged(by, "Bearer 2"));

    std::string token = "a";
    mcp::bearer awaited([&]() -> asio::awaitable<std::string> { co_return token; });
    EXPECT_EQ(result_of(awaited.authorization("https://m.example")), "Bearer a");
    EXPECT_FALSE(challenged(awaited, "Bearer a"));
    token = "b";
    EXPECT_TRUE(challenged(awaited, "Bearer a"));
}

} // namespace
