#include <mcp/http/limits.hpp>

#include <gtest/gtest.h>

namespace limits_test {

TEST(limits, every_limit_has_a_default_that_limits) {
    constexpr mcp::http::limits l;
    for (const auto n : {l.head_bytes, l.fields, l.body_bytes, l.connections, l.pipelined_bytes,
                         l.bytes_in_flight}) {
        EXPECT_GT(n, 0U);
    }
    for (const auto t : {l.head_timeout, l.body_timeout, l.idle_timeout, l.write_timeout,
                         l.keep_alive_interval, l.shutdown_timeout}) {
        EXPECT_GT(t.count(), 0);
    }
    // `docker stop` kills after ten seconds.
    EXPECT_LT(l.shutdown_timeout, std::chrono::seconds(10));
    // Proxies between us and the client give up on a silent stream after a minute or less.
    EXPECT_LT(l.keep_alive_interval, std::chrono::seconds(30));
}

} // namespace limits_test
