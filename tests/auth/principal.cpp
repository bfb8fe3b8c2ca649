#include <mcp/auth/principal.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace principal_test {

TEST(principal, has_a_scope_only_if_it_is_granted_by_exactly_that_name) {
    const mcp::principal who{.subject = "ann", .scopes = {"read", "tools:call"}};
    EXPECT_TRUE(who.has_scope("read"));
    EXPECT_TRUE(who.has_scope("tools:call"));
    for (const char* other : {"", "rea", "reads", "Read", "read ", "tools", "read tools:call"})
        EXPECT_FALSE(who.has_scope(other)) << other;
}

TEST(principal, has_no_scopes_and_no_end_unless_told) {
    const mcp::principal who{.subject = "ann"};
    EXPECT_FALSE(who.has_scope(""));
    EXPECT_FALSE(who.has_scope("read"));
    EXPECT_FALSE(who.expires.has_value());
    EXPECT_TRUE(who.audience.empty());
    EXPECT_TRUE(who.claims.empty());
}

} // namespace principal_test
