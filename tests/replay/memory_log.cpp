#include <mcp/replay/memory_log.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace memory_log_test {

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

TEST(memory_log, what_it_never_heard_of_is_a_gap) {
    mcp::memory_log log;
    EXPECT_TRUE(log.after("s", 0, 0).whole) << "there may be none yet";
    EXPECT_FALSE(log.after("s", 0, 1).whole) << "a client had it: the log was emptied";
    log.append("s", 0, "a");
    EXPECT_TRUE(log.after("s", 0, 1).whole);
    EXPECT_FALSE(log.after("s", 0, 2).whole);
    EXPECT_FALSE(log.after("s", 7, 2).whole);
    EXPECT_TRUE(log.after("s", 7, 0).whole);
}

TEST(memory_log, what_is_too_old_goes) {
    std::chrono::steady_clock::time_point now{};
    mcp::memory_log_options options;
    options.now = [&now] { return now; };
    EXPECT_EQ(options.keep, std::chrono::hours(24));
    mcp::memory_log log(options);
    log.append("s", 0, "a");
    log.append("t", 0, "x");
    now += std::chrono::hours(12);
    log.append("s", 0, "b");
    now += std::chrono::hours(12) - std::chrono::seconds(1);
    EXPECT_EQ(messages(log.after("s", 0, 0)), (list{"1a", "2b"}));
    EXPECT_EQ(messages(log.after("t", 0, 0)), (list{"1x"}));
    now += std::chrono::seconds(1);
    EXPECT_EQ(messages(log.after("s", 0, 0)), (list{"2b"}));
    EXPECT_FALSE(log.after("s", 0, 0).whole);
    EXPECT_TRUE(messages(log.after("t", 0, 0)).empty());
    EXPECT_EQ(log.after("t", 0, 1).last, 1u) << "nobody has appended since";
    EXPECT_EQ(log.append("s", 0, "c"), 3u);
    EXPECT_EQ(log.after("t", 0, 1).last, 0u) << "a session without events is forgotten";
    EXPECT_FALSE(log.after("t", 0, 1).whole);
}

TEST(memory_log, may_keep_for_ever) {
    mcp::memory_log_options options;
    options.keep = std::chrono::seconds::max();
    mcp::memory_log log(options);
    log.append("s", 0, "a");
    log.append("t", 0, "x");
    EXPECT_EQ(messages(log.after("s", 0, 0)), (list{"1a"}));
}

TEST(memory_log, calls_that_have_ended_leave_nothing_behind) {
    mcp::memory_log log({.events = 10});
    log.append("s", 0, "a");
    for (std::uint64_t call = 1; call <= 21; ++call) // the numbers of ten more than there are
        log.append("s", call, "x");
    EXPECT_EQ(log.after("s", 1, 0).last, 0u);
    EXPECT_EQ(log.after("s", 21, 0).last, 1u);
    EXPECT_EQ(log.after("s", 0, 1).last, 1u) << "the session's own stream goes on";
    EXPECT_EQ(log.append("s", 0, "b"), 2u);
    EXPECT_FALSE(log.after("s", 1, 1).whole);
}

TEST(memory_log, bytes_of_a_session_are_bounded) {
    constexpr std::size_t kilobyte = 1024;
    mcp::memory_log log({.bytes = 10 * kilobyte});
    const auto append = [&](std::uint64_t stream, std::size_t size) {
        return log.append("s", stream, std::string(size, 'x'));
    };
    for (int i = 0; i < 100; ++i) {
        append(0, kilobyte);
        ASSERT_LE(log.bytes(), 10 * kilobyte);
    }
    EXPECT_EQ(log.after("s", 0, 0).events.size(), 9u) << "each costs some bytes more";
    EXPECT_FALSE(log.after("s", 0, 0).whole);
    EXPECT_TRUE(log.after("s", 0, 91).whole);

    EXPECT_EQ(append(1, 11 * kilobyte), 1u) << "it counts, though it is too large to be kept";
    EXPECT_FALSE(log.after("s", 1, 0).whole);
    EXPECT_EQ(log.after("s", 0, 0).events.size(), 9u);
    EXPECT_EQ(append(1, 9 * kilobyte), 2u);
    EXPECT_LE(log.bytes(), 10 * kilobyte);
    EXPECT_TRUE(log.after("s", 1, 1).whole);
    EXPECT_LE(log.after("s", 0, 0).events.size(), 1u);
    log.forget("s");
    EXPECT_EQ(log.bytes(), 0u);
}

TEST(memory_log, bytes_of_all_sessions_are_bounded) {
    mcp::memory_log log({.bytes = 4'000, .total_bytes = 10'000});
    const std::string message(1'500, 'x');
    for (const char* session : {"a", "b", "a", "c", "d", "b", "e"}) {
        log.append(session, 0, message);
        ASSERT_LE(log.bytes(), 10'000u);
    }
    EXPECT_TRUE(log.after("a", 0, 0).events.empty()) << "it has been unused for longest";
    EXPECT_EQ(log.after("b", 0, 0).events.size(), 2u);
    mcp::memory_log alone({.bytes = 10'000, .total_bytes = 4'000});
    for (int i = 0; i < 10; ++i)
        alone.append("s", 0, message);
    EXPECT_EQ(alone.after("s", 0, 0).events.size(), 2u);
}

TEST(memory_log, large_answers_do_not_add_up) {
    mcp::memory_log log;
    const std::string message(3'900'000, 'x');
    for (std::uint64_t call = 1; call <= 120; ++call)
        log.append("s", call, message);
    EXPECT_LE(log.bytes(), mcp::memory_log_options().bytes);
    EXPECT_EQ(log.after("s", 120, 0).events.size(), 1u);
    for (int session = 0; session < 60; ++session)
        log.append("s" + std::to_string(session), 1, message);
    EXPECT_LE(log.bytes(), mcp::memory_log_options().total_bytes);
    EXPECT_EQ(log.after("s59", 1, 0).events.size(), 1u);
}

} // namespace memory_log_test
