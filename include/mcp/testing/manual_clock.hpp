// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace mcp::testing {

/// A clock that only a test moves, for the options `now` of stores, logs, limiters, states and
/// backends. Copies are one clock. Any thread may use it. Timers of Asio do not follow it.
///
///     const mcp::testing::manual_clock clock;
///     mcp::memory_sessions sessions({.idle = std::chrono::minutes(10), .now = clock});
///     clock.advance(std::chrono::minutes(11)); // all sessions have expired
class manual_clock {
public:
    using duration = std::chrono::nanoseconds;

    manual_clock() : manual_clock(std::chrono::system_clock::now()) {}

    /// Begins at a moment, for tests of texts and tokens with dates.
    explicit manual_clock(std::chrono::system_clock::time_point start)
        : passed_(std::make_shared<std::atomic<duration>>(duration::zero()))
        , start_(start) {}

    void advance(duration by) const {
        for (duration before = *passed_; !passed_->compare_exchange_weak(before, before + by);)
            ;
    }

    std::chrono::system_clock::time_point system_now() const {
        return start_ +
               std::chrono::duration_cast<std::chrono::system_clock::duration>(passed_->load());
    }
    std::chrono::steady_clock::time_point steady_now() const {
        return steady_start_ +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(passed_->load());
    }

    /// Becomes an option `now`.
    operator std::function<std::chrono::system_clock::time_point()>() const {
        return [clock = *this] { return clock.system_now(); };
    }
    operator std::function<std::chrono::steady_clock::time_point()>() const {
        return [clock = *this] { return clock.steady_now(); };
    }

private:
    std::shared_ptr<std::atomic<duration>> passed_;
    std::chrono::system_clock::time_point start_;
    std::chrono::steady_clock::time_point steady_start_ = std::chrono::steady_clock::now();
};

} // namespace mcp::testing
