#include <mcp/jsonrpc/batch.hpp>

#include <mcp/json/parse.hpp>

#include <gtest/gtest.h>

namespace {

using mcp::jsonrpc::batch_reply;
using mcp::jsonrpc::read_batch;

TEST(batch, holds_its_messages) {
    const auto value = mcp::parse_json("[1,{},[]]").value();
    const auto read = read_batch(value, 3);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size(), 3u);
}

TEST(batch, is_refused_whole_when_empty_too_long_or_none) {
    for (const char* bad : {"[]", "{}", "1", "[1,2,3,4]"}) {
        const auto value = mcp::parse_json(bad).value();
        const auto read = read_batch(value, 3);
        ASSERT_FALSE(read) << bad;
        EXPECT_EQ(read.error().code, mcp::jsonrpc::errc::invalid_request);
    }
}

TEST(batch, collects_answers) {
    batch_reply reply;
    EXPECT_TRUE(reply.empty());
    EXPECT_EQ(reply.take(), "");
    reply.add("");
    EXPECT_TRUE(reply.empty());
    reply.add("{\"a\":1}");
    reply.add("");
    reply.add("{}");
    EXPECT_FALSE(reply.empty());
    EXPECT_EQ(reply.take(), "[{\"a\":1},{}]");
    EXPECT_TRUE(reply.empty());
}

} // namespace
