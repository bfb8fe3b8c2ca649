#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>

namespace mcp {

/// So many requests in such a time.
struct rate {
    std::uint32_t permits = 60;
    std::chrono::milliseconds per = std::chrono::minutes(1);
};

/// Settings of the limiters of this process.
struct limiter_options {
    std::size_t keys = 100'000; ///< known at a time; beyond, those that have been idle longest go
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The rate, if it is one; throws `std::invalid_argument` otherwise.
inline rate checked(rate limit) {
    if (limit.permits == 0 || limit.per.count() <= 0)
        throw std::invalid_argument("a rate needs at least one permit and a time above zero");
    return limit;
}

} // namespace mcp
