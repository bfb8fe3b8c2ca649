#include <mcp/server/options.hpp>

#include <gtest/gtest.h>

namespace options_test {

TEST(options, defaults_are_fit_for_production) {
    const mcp::server_options options;
    EXPECT_TRUE(options.legacy && options.modern);
    EXPECT_FALSE(options.expose_exceptions);
    EXPECT_GT(options.page_size, 0U);
    EXPECT_GT(options.blocking_threads, 0U);
    EXPECT_EQ(options.caching, mcp::cache_policy());
    EXPECT_EQ(options.level, mcp::log_level::info);
    EXPECT_FALSE(options.log);
}

} // namespace options_test
