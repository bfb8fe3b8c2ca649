#include <mcp/auth/principal.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace principal_test {

TEST(principal, has_a_scope_only_if_it_is_granted_by_exactly_that_name) {
    const mcp::principal identity{.subject = "ann", .scopes = {"read", "tools:call"}};
    EXPECT_TRUE(identity.has_scope("read"));
    EXPECT_TRUE(identity.has_scope("tools:call"));
    for (const char* other : {"", "rea", "reads", "Read", "read ", "tools", "read tools:call"})
        EXPECT_FALSE(identity.has_scope(other)) << other;
}

TEST(principal, has_no_scopes_and_no_end_unless_told) {
    const mcp::principal identity{.subject = "ann"};
    EXPECT_FALSE(identity.has_scope(""));
    EXPECT_FALSE(identity.has_scope("read"));
    EXPECT_FALSE(identity.expires.has_value());
    EXPECT_TRUE(identity.audience.empty());
    EXPECT_TRUE(identity.claims.empty());
}

} // namespace principal_test
