#include <mcp/replay/memory_replay.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace {

std::string after(const mcp::memory_replay& log, std::uint64_t stream, std::uint64_t sequence) {
    std::string all;
    const bool whole = log.after(stream, sequence, [&](std::uint64_t n, const std::string& text) {
        all += std::to_string(n) + text + " ";
    });
    return whole ? all : "lost " + all;
}

TEST(memory_replay, gives_what_came_after) {
    mcp::memory_replay log(10);
    log.append(1, 1, "a");
    log.append(2, 1, "x");
    log.append(1, 2, "b");
    log.append(1, 3, "c");
    EXPECT_EQ(after(log, 1, 0), "1a 2b 3c ");
    EXPECT_EQ(after(log, 1, 2), "3c ");
    EXPECT_EQ(after(log, 1, 3), "");
    EXPECT_EQ(after(log, 2, 0), "1x ");
    EXPECT_EQ(after(log, 9, 0), "");
}

TEST(memory_replay, says_when_something_is_lost) {
    mcp::memory_replay log(3);
    for (std::uint64_t n = 1; n <= 5; ++n)
        log.append(1, n, "e");
    EXPECT_EQ(after(log, 1, 1), "lost 3e 4e 5e ");
    EXPECT_EQ(after(log, 1, 2), "3e 4e 5e ");
    log.append(2, 1, "x");
    EXPECT_EQ(after(log, 1, 2), "lost 4e 5e ");
}

} // namespace
