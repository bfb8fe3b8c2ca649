#include <mcp/http/compression_options.hpp>

#include <gtest/gtest.h>

namespace compression_options_test {

TEST(compression_options, streams_are_sent_as_they_are_by_default) {
    const mcp::http::compression_options options;
    EXPECT_FALSE(options.streams);
    EXPECT_GT(options.least_bytes, 0U);
    EXPECT_GT(options.request_bytes, 0U);
}

} // namespace compression_options_test
