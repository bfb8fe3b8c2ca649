// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

namespace mcp::detail {

/// Limits times to a hundred years: `seconds::max()` would overflow the clocks.
template <class Limits>
Limits within_clocks(Limits limits) {
    constexpr std::chrono::seconds most = std::chrono::hours(24 * 365 * 100);
    limits.idle = std::min(limits.idle, most);
    limits.age = std::min(limits.age, most);
    return limits;
}

} // namespace mcp::detail
