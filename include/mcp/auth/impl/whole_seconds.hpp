// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace mcp::detail {

/// Converts to seconds within the range of the system clock, which ends in 2262, with a margin.
inline std::chrono::sys_seconds whole_seconds(double at) {
    using namespace std::chrono;
    const auto last = floor<seconds>(system_clock::time_point::max()) - days(366);
    const double most = static_cast<double>(last.time_since_epoch().count());
    return sys_seconds(seconds(static_cast<seconds::rep>(std::min(at, most))));
}

} // namespace mcp::detail
