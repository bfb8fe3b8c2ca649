#include <mcp/redis/reply.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace reply_test {

using mcp::redis::command_error;
using mcp::redis::reply;

TEST(redis_reply, gives_what_it_is) {
    EXPECT_TRUE(reply().is_nil());
    EXPECT_EQ(reply(std::int64_t{7}).integer(), 7);
    EXPECT_EQ(reply(std::string("a")).text(), "a");
    EXPECT_EQ(reply(std::vector<reply>(2)).elements().size(), 2U);
    EXPECT_EQ(reply("ERR no", reply::kind::error).error(), "ERR no");
    EXPECT_EQ(reply(std::int64_t{7}).error(), "");
}

TEST(redis_reply, throws_for_what_it_is_not) {
    EXPECT_THROW(reply().integer(), command_error);
    EXPECT_THROW(reply(std::int64_t{7}).text(), command_error);
    EXPECT_THROW(reply(std::int64_t{7}).elements(), command_error);
    try {
        reply("ERR no", reply::kind::error).integer();
        FAIL();
    } catch (const command_error& failure) {
        EXPECT_STREQ(failure.what(), "ERR no");
    }
}

} // namespace reply_test
