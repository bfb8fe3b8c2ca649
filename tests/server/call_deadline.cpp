#include <mcp/server/call_deadline.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace call_deadline_test {

using namespace std::chrono_literals;
using mcp::detail::call_deadline;

enum class act { progress, pause, resume };
struct step {
    std::chrono::seconds at;
    act what;
};
struct row {
    std::string_view name;
    std::chrono::milliseconds limit;
    bool progress_restarts;
    std::vector<step> steps;
    std::chrono::seconds asked;
    std::optional<std::chrono::seconds> left; ///< nothing: it stands still
    int resumed = 0;
};

TEST(call_deadline, counts_the_time_of_the_handler) {
    const std::vector<row> rows{
        {"begins", 10s, false, {}, 0s, 10s},
        {"runs", 10s, false, {}, 4s, 6s},
        {"ends", 10s, false, {}, 10s, 0s},
        {"is over", 10s, false, {}, 99s, 0s},
        {"progress is nothing", 10s, false, {{4s, act::progress}}, 5s, 5s},
        {"progress restarts", 10s, true, {{4s, act::progress}, {9s, act::progress}}, 12s, 7s},
        {"pause", 10s, false, {{4s, act::pause}}, 50s, std::nullopt},
        {"resume", 10s, false, {{4s, act::pause}, {50s, act::resume}}, 52s, 4s, 1},
        {"two questions at once",
         10s,
         false,
         {{1s, act::pause}, {2s, act::pause}, {8s, act::resume}},
         9s,
         std::nullopt},
        {"both answered",
         10s,
         false,
         {{1s, act::pause}, {2s, act::pause}, {8s, act::resume}, {9s, act::resume}},
         9s,
         9s,
         1},
        {"progress in a pause",
         10s,
         true,
         {{4s, act::pause}, {5s, act::progress}, {50s, act::resume}},
         50s,
         10s,
         1},
    };
    for (const row& each : rows) {
        SCOPED_TRACE(each.name);
        const call_deadline::clock::time_point start{};
        int resumed = 0;
        call_deadline of(each.limit, each.progress_restarts, [&] { ++resumed; }, start);
        for (const step& one : each.steps) {
            if (one.what == act::progress)
                of.progress(start + one.at);
            else if (one.what == act::pause)
                of.pause(start + one.at);
            else
                of.resume(start + one.at);
        }
        const auto left = of.left(start + each.asked);
        ASSERT_EQ(left.has_value(), each.left.has_value());
        if (left) {
            EXPECT_EQ(*left, *each.left);
        }
        EXPECT_EQ(resumed, each.resumed);
    }
}

TEST(call_deadline, never_overflows) {
    call_deadline of(std::chrono::milliseconds::max(), true, [] {}, call_deadline::clock::now());
    of.progress(call_deadline::clock::now());
    EXPECT_GT(*of.left(call_deadline::clock::now()), 24h);
}

} // namespace call_deadline_test
