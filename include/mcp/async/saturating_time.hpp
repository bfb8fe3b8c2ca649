// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <algorithm>
#include <chrono>

namespace mcp::detail {

/// Returns a duration of at most a hundred years. Clocks overflow at `seconds::max()`, by which
/// users mean "for ever".
template <class Rep, class Period>
constexpr std::chrono::duration<Rep, Period>
within_clocks(std::chrono::duration<Rep, Period> time) {
    using duration = std::chrono::duration<Rep, Period>;
    constexpr auto most = std::chrono::duration_cast<duration>(std::chrono::hours(24 * 365 * 100));
    return std::clamp(time, -most, most);
}

/// Returns `time + by`, with `by` within a hundred years, or the end of the range of the clock.
template <class Clock, class Duration, class Rep, class Period>
constexpr std::chrono::time_point<Clock, Duration>
later(std::chrono::time_point<Clock, Duration> time, std::chrono::duration<Rep, Period> by) {
    using point = std::chrono::time_point<Clock, Duration>;
    const auto step = std::chrono::duration_cast<Duration>(within_clocks(by));
    if (step > Duration::zero())
        return time > point::max() - step ? point::max() : time + step;
    return time < point::min() - step ? point::min() : time + step;
}

} // namespace mcp::detail
