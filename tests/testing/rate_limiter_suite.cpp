#include <mcp/testing/rate_limiter_suite.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <gmock/gmock.h>
#include <memory>
#include <string>

namespace rate_limiter_suite_test {

struct generous {
    asio::awaitable<mcp::rate_decision> acquire(std::string) { co_return mcp::rate_decision(); }
};

TEST(rate_limiter_suite, finds_who_lets_all_pass) {
    EXPECT_THAT(mcp::testing::check_rate_limiter([](std::uint32_t, std::chrono::milliseconds) {
                    return std::make_shared<generous>();
                }),
                ::testing::Contains("a request beyond the rate passes"));
}

} // namespace rate_limiter_suite_test
