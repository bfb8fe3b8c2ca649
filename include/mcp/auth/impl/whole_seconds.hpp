#pragma once

#include <algorithm>
#include <chrono>

namespace mcp::detail {

/// As the system's clock can tell it, with room for a leeway: it ends in the year 2262.
inline std::chrono::sys_seconds whole_seconds(double at) {
    using namespace std::chrono;
    const auto last = floor<seconds>(system_clock::time_point::max()) - days(366);
    const double most = static_cast<double>(last.time_since_epoch().count());
    return sys_seconds(seconds(static_cast<seconds::rep>(std::min(at, most))));
}

} // namespace mcp::detail
