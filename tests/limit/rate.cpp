#include <mcp/limit/rate.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace rate_test {

using namespace std::chrono_literals;

TEST(rate, is_checked) {
    EXPECT_EQ(mcp::detail::checked_rate({3, 1s}).permits, 3U);
    EXPECT_THROW(mcp::detail::checked_rate({0, 1s}), std::invalid_argument);
    EXPECT_THROW(mcp::detail::checked_rate({1, -1s}), std::invalid_argument);
}

} // namespace rate_test
