#include <mcp/async/saturating_time.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace saturating_time_test {

using namespace std::chrono;
using mcp::detail::later;
using mcp::detail::within_clocks;

using point = time_point<steady_clock, nanoseconds>;
constexpr hours century = hours(24 * 365 * 100);

TEST(saturating_time, limits_a_duration_to_a_hundred_years) {
    static_assert(within_clocks(seconds(7)) == seconds(7));
    static_assert(within_clocks(milliseconds(-7)) == milliseconds(-7));
    static_assert(within_clocks(seconds::max()) == century);
    static_assert(within_clocks(seconds::min()) == -century);
    static_assert(within_clocks(milliseconds::max()) == century);
    static_assert(within_clocks(hours::max()) == century);
    static_assert(within_clocks(nanoseconds::max()) == century);
    static_assert(within_clocks(minutes(10)) == minutes(10));
}

TEST(saturating_time, adds_without_an_overflow) {
    struct row {
        point time;
        seconds by;
        point sum;
    };
    const point now(hours(24 * 365 * 56));
    for (const row& each : {
             row{now, seconds(5), now + seconds(5)},
             row{now, seconds(-5), now - seconds(5)},
             row{now, seconds(0), now},
             row{now, seconds::max(), now + century},
             row{now, seconds::min(), now - century},
             row{point::max(), seconds(0), point::max()},
             row{point::max(), seconds(1), point::max()},
             row{point::max(), seconds::max(), point::max()},
             row{point::max(), seconds(-1), point::max() - seconds(1)},
             row{point::max() - seconds(1), seconds(1), point::max()},
             row{point::max() - seconds(1), seconds(2), point::max()},
             row{point::min(), seconds(1), point::min() + seconds(1)},
             row{point::min(), seconds(-1), point::min()},
             row{point::min(), seconds::min(), point::min()},
         })
        EXPECT_EQ(later(each.time, each.by), each.sum)
            << each.time.time_since_epoch().count() << " + " << each.by.count();
}

} // namespace saturating_time_test
