#include <mcp/encoding/bytes.hpp>

#include <gtest/gtest.h>

namespace {

TEST(bytes, is_a_vector_seen_as_text) {
    const mcp::bytes from_text{"abc"};
    EXPECT_EQ(from_text.size(), 3u);
    EXPECT_EQ(from_text.view(), "abc");

    const mcp::bytes from_numbers{0xFF, 0x00};
    EXPECT_EQ(from_numbers.view(), std::string_view("\xFF\0", 2));

    mcp::bytes grown;
    EXPECT_EQ(grown.view(), "");
    grown.push_back('x');
    EXPECT_EQ(grown.view(), "x");
}

} // namespace
