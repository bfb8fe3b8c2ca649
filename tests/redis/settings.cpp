#include <mcp/redis/settings.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace settings_test {

TEST(redis_settings, reads_urls) {
    const auto all = mcp::redis::parse_url("redis://ann:p%40s:s@db.example:7000/12");
    EXPECT_EQ(all.host, "db.example");
    EXPECT_EQ(all.port, 7000);
    EXPECT_EQ(all.user, "ann");
    EXPECT_EQ(all.password, "p@s:s");
    EXPECT_EQ(all.database, 12);
    EXPECT_EQ(mcp::redis::parse_url("redis://localhost").port, 6379);
    EXPECT_EQ(mcp::redis::parse_url("redis://[::1]:7/").host, "::1");
    EXPECT_EQ(mcp::redis::parse_url("redis://:pw@h").user, "");
    EXPECT_FALSE(mcp::redis::parse_url("redis://h").encrypted);
    EXPECT_TRUE(mcp::redis::parse_url("rediss://h").encrypted);
}

TEST(redis_settings, refuses_bad_urls_without_showing_the_password) {
    for (const char* url :
         {"http://:hunter2@h", "redis://", "redis://:hunter2@h:x", "redis://:hunter2@h/x",
          "redis://:hunter2%@h", "redis://:hunter2%zz@h", "redis://hunter2@h",
          "redis://:hunter2@[::1", "redis://:hunter2@h:99999"}) {
        try {
            mcp::redis::parse_url(url);
            ADD_FAILURE() << url;
        } catch (const std::invalid_argument& failure) {
            EXPECT_EQ(std::string(failure.what()).find("hunter2"), std::string::npos) << url;
        }
    }
}

} // namespace settings_test
