#include <mcp/transport/legacy/event_id.hpp>

#include <gtest/gtest.h>

namespace event_id_test {

using mcp::legacy::event_id;

TEST(event_id, comes_back_from_its_text) {
    const auto id = event_id::parse(event_id{9007199254740993u, 42}.text());
    ASSERT_TRUE(id);
    EXPECT_EQ(id->stream, 9007199254740993u);
    EXPECT_EQ(id->sequence, 42u);
    EXPECT_EQ((event_id{0, 7}.text()), "0-7");
}

TEST(event_id, nothing_else_is_one) {
    for (const char* text : {"", "x", "0", "0-", "-0", "0-0-0", "+0-0", "0-+1", " 0-1", "0-1 ",
                             "0-99999999999999999999", "99999999999999999999-0"})
        EXPECT_FALSE(event_id::parse(text)) << text;
}

} // namespace event_id_test
