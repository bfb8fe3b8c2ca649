// SPDX-License-Identifier: MIT
#include <mcp/client/authorization_error.hpp>

#include <gtest/gtest.h>

namespace {

TEST(authorization_error, is_a_transport_error) {
    const mcp::authorization_error refused("https://m.example: the user has refused",
                                           "access_denied");
    const mcp::transport_error& base = refused;
    EXPECT_EQ(base.why(), mcp::transport_failure::unauthorized);
    EXPECT_STREQ(base.what(), "https://m.example: the user has refused");
    EXPECT_EQ(refused.code(), "access_denied");
    EXPECT_EQ(mcp::authorization_error("no").code(), "");
}

} // namespace
