// SPDX-License-Identifier: MIT
#include <mcp/client/transport_error.hpp>

#include <gtest/gtest.h>

namespace {

TEST(transport_error, has_a_reason_and_a_status) {
    const mcp::transport_error refused(mcp::transport_failure::http_status,
                                       "http://localhost/mcp: tools/list got status 503", 503);
    EXPECT_EQ(refused.why(), mcp::transport_failure::http_status);
    EXPECT_EQ(refused.status(), 503);
    EXPECT_STREQ(refused.what(), "http://localhost/mcp: tools/list got status 503");
}

} // namespace
