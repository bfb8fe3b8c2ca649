#include <mcp/server/topics.hpp>

#include <gtest/gtest.h>

namespace topics_test {

TEST(topics, each_list_has_its_own) {
    EXPECT_EQ(mcp::detail::list_topic(mcp::list_kind::tools), "tools/list_changed");
    EXPECT_EQ(mcp::detail::list_topic(mcp::list_kind::prompts), "prompts/list_changed");
    EXPECT_EQ(mcp::detail::list_topic(mcp::list_kind::resources), "resources/list_changed");
}

TEST(topics, a_resource_has_one_for_every_spelling) {
    for (const char* each : {"a://b/%7ec", "A://B/~c", "a://b/x/../~c", "%61://b/~c"})
        EXPECT_EQ(mcp::detail::resource_topic(each), "resource:a://b/~c") << each;
    EXPECT_NE(mcp::detail::resource_topic("a://b/C"), mcp::detail::resource_topic("a://b/c"));
}

} // namespace topics_test
