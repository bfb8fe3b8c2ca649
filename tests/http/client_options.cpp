#include <mcp/http/client_options.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace client_options_test {

using namespace std::chrono_literals;

TEST(client_options, bound_what_a_server_may_cost) {
    const mcp::http::client_options options;
    EXPECT_GT(options.timeouts.connect, 0s);
    EXPECT_GT(options.timeouts.read, 0s);
    EXPECT_GT(options.timeouts.total, 0s);
    EXPECT_GT(options.limits.head_bytes, 0U);
    EXPECT_GT(options.limits.body_bytes, 0U);
    EXPECT_GE(options.idle_total, options.idle_per_origin);
    EXPECT_FALSE(options.tls);
    EXPECT_FALSE(options.allow);
    const auto before = std::chrono::steady_clock::now();
    EXPECT_GE(options.now(), before);
}

} // namespace client_options_test
