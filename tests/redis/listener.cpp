#include <mcp/redis/listener.hpp>

#include <gtest/gtest.h>

#include <string>

namespace listener_test {

struct counter : mcp::redis::listener {
    void message(const std::string&, const std::string&) override { ++messages; }
    int messages = 0;
};

TEST(redis_listener, need_not_care_for_losses) {
    counter counted;
    mcp::redis::listener& any = counted;
    any.restored("channel");
    any.message("channel", "text");
    EXPECT_EQ(counted.messages, 1);
}

} // namespace listener_test
