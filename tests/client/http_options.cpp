// SPDX-License-Identifier: MIT
#include <mcp/client/http_options.hpp>

#include <gtest/gtest.h>

#include <type_traits>

namespace {

// So that g++ 12 destroys a temporary in a co_await expression once; see docs/structure.md, law A.
static_assert(!std::is_aggregate_v<mcp::http_options>);

TEST(http_options, has_no_limit_on_the_time_of_a_stream) {
    EXPECT_EQ(mcp::http_options().idle_timeout.count(), 0);
}

} // namespace
