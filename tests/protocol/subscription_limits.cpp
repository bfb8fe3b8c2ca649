#include <mcp/protocol/subscription_limits.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

TEST(subscription_limits, refuses_one_more) {
    const mcp::subscription_limits most{.count = 10, .uri_bytes = 8, .bytes = 40};
    const struct {
        std::size_t uri, count, bytes;
        std::string_view why;
    } table[] = {
        {8, 0, 0, ""},
        {9, 0, 0, "it has 9 bytes; at most 8 are allowed"},
        {1, 9, 39, ""},
        {1, 10, 10, "At most 10 resources may be subscribed to at once"},
        {2, 9, 39, "The URIs of all subscriptions may have at most 40 bytes together"},
        {1, 9, 99, "The URIs of all subscriptions may have at most 40 bytes together"},
    };
    for (const auto& [uri, count, bytes, why] : table) {
        const auto refusal = most.refuse(std::string(uri, 'x'), count, bytes, "it");
        EXPECT_EQ(refusal ? refusal->message : "", why);
        if (refusal) {
            EXPECT_EQ(refusal->code, -32602);
        }
    }
}

TEST(subscription_limits, refuses_a_list) {
    const mcp::subscription_limits most{.count = 3, .uri_bytes = 8, .bytes = 20};
    using list = std::vector<std::string>;
    EXPECT_FALSE(most.refuse_all(list{}, "a"));
    EXPECT_FALSE(most.refuse_all(list{"a", "b", "c"}, "a"));
    EXPECT_TRUE(most.refuse_all(list{"a", "b", "c", "d"}, "a"));
    EXPECT_TRUE(most.refuse_all(list{"a", "123456789"}, "a"));
    EXPECT_TRUE(most.refuse_all(list(3, "1234567"), "a"));
}

} // namespace
