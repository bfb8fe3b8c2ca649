#include <mcp/replay/memory_log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

std::vector<std::string> messages(const mcp::replayed& from) {
    std::vector<std::string> all;
    for (const auto& each : from.events)
        all.push_back(std::to_string(each.sequence) + each.message);
    return all;
}

using list = std::vector<std::string>;

TEST(memory_log, each_stream_counts_for_itself) {
    mcp::memory_log log;
    EXPECT_EQ(log.append("s", 0, "a"), 1u);
    EXPECT_EQ(log.append("s", 7, "b"), 1u);
    EXPECT_EQ(log.append("s", 0, "c"), 2u);
    EXPECT_EQ(log.append("t", 0, "d"), 1u);
    EXPECT_EQ(messages(log.after("s", 0, 0)), (list{"1a", "2c"}));
    EXPECT_EQ(messages(log.after("s", 0, 1)), (list{"2c"}));
    EXPECT_EQ(messages(log.after("s", 7, 0)), (list{"1b"}));
    EXPECT_TRUE(log.after("s", 0, 2).whole);
    EXPECT_TRUE(messages(log.after("nobody", 0, 0)).empty());
}

TEST(memory_log, what_was_dropped_is_told) {
    mcp::memory_log log({.events = 2});
    for (const char* each : {"a", "b", "c"})
        log.append("s", 0, each);
    EXPECT_FALSE(log.after("s", 0, 0).whole);
    EXPECT_EQ(messages(log.after("s", 0, 0)), (list{"2b", "3c"}));
    EXPECT_TRUE(log.after("s", 0, 1).whole);
    log.append("s", 1, "x");
    log.append("s", 1, "y"); // nothing of stream 0 is left
    EXPECT_FALSE(log.after("s", 0, 2).whole);
    EXPECT_TRUE(log.after("s", 0, 3).whole);
    EXPECT_EQ(log.append("s", 0, "d"), 4u) << "sequences are never used again";
    EXPECT_EQ(log.after("s", 0, 9).last, 4u);
    log.forget("s");
    EXPECT_EQ(log.after("s", 0, 9).last, 0u) << "it counts anew";
}

TEST(memory_log, forgets_and_is_bounded) {
    mcp::memory_log log({.events = 10, .sessions = 2});
    log.append("a", 0, "1");
    log.append("b", 0, "1");
    log.append("a", 0, "2");
    log.append("c", 0, "1"); // b has been unused for longest
    EXPECT_EQ(log.after("a", 0, 0).events.size(), 2u);
    EXPECT_TRUE(log.after("b", 0, 0).events.empty());
    log.forget("a");
    EXPECT_TRUE(log.after("a", 0, 0).events.empty());
}

} // namespace
