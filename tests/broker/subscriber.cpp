#include <mcp/broker/subscriber.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace subscriber_test {

class deaf final : public mcp::subscriber {
    bool deliver(std::string_view, const std::string&) override { return false; }
};

TEST(subscriber, need_not_care_for_take_overs) {
    deaf receiver;
    mcp::subscriber& base = receiver;
    base.taken_over();
    EXPECT_FALSE(base.deliver("t", "m"));
}

} // namespace subscriber_test
