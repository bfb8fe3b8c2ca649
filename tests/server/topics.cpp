#include <mcp/server/topics.hpp>

#include <gtest/gtest.h>

namespace topics_test {

TEST(topics, each_list_has_its_own) {
    EXPECT_EQ(mcp::list_topic(mcp::list_kind::tools), "tools/list_changed");
    EXPECT_EQ(mcp::list_topic(mcp::list_kind::prompts), "prompts/list_changed");
    EXPECT_EQ(mcp::list_topic(mcp::list_kind::resources), "resources/list_changed");
}

} // namespace topics_test
