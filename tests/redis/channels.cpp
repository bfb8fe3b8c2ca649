#include <mcp/redis/channels.hpp>

#include <gtest/gtest.h>

#include <redis/redis_server.hpp>

namespace channels_test {

class redis_channels : public test::with_redis {};

TEST_F(redis_channels, have_names_and_a_connection) {
    const mcp::redis::connection redis(server->url());
    const mcp::redis::channels all{redis, "mcp:sse"};
    EXPECT_EQ(all.name("session:1"), "mcp:sse:session:1");
    EXPECT_TRUE(all.redis == redis);
    EXPECT_FALSE(all.redis == mcp::redis::connection(server->url()));
}

} // namespace channels_test
