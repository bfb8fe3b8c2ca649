// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace mcp {

/// A number of requests in a period of time.
struct rate {
    std::uint32_t permits = 60;                              ///< requests
    std::chrono::milliseconds per = std::chrono::minutes(1); ///< in this period
};

/// Settings of the limiters of this process.
struct limiter_options {
    std::size_t keys = 100'000; ///< tracked keys; the least recently used is dropped
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

namespace detail {

/// Returns the rate if it is valid; otherwise throws `std::invalid_argument`.
rate checked_rate(rate limit);

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/limit/impl/rate.ipp>
#endif
