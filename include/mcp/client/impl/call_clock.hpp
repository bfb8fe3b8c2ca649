// SPDX-License-Identifier: MIT
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// One timer for the ends of all calls of a client, since a timer for each costs a system call.
///
/// It is armed for a short time at first, and again while there are new calls, so that it does not
/// keep an event loop running that has nothing else to do. The event loop owns the timer, so that a
/// client may outlive it.
class call_clock : public std::enable_shared_from_this<call_clock> {
public:
    using clock = std::chrono::steady_clock;

    /// `look(now)` wakes the calls whose time is over. It returns the next end.
    call_clock(const asio::any_io_executor& executor,
               std::function<clock::time_point(clock::time_point now)> look)
        : executor_(executor)
        , look_(std::move(look)) {}

    /// Makes sure that `look` is called at `end`.
    void watch(clock::time_point end) {
        quiet_ = false;
        const auto next = std::min(end, clock::now() + brief);
        if (next < armed_)
            arm(next);
    }

    /// There are no more calls.
    void idle() {
        if (armed_ != clock::time_point::max() && armed_ > clock::now() + brief)
            stop();
    }

    void stop() noexcept {
        armed_ = clock::time_point::max();
        if (const auto timer = timer_.lock())
            timer->cancel();
    }

private:
    static constexpr std::chrono::milliseconds brief{50};

    void arm(clock::time_point next) {
        armed_ = next;
        auto timer = timer_.lock();
        if (!timer)
            timer = std::make_shared<asio::steady_timer>(executor_);
        timer_ = timer;
        timer->expires_at(next);
        timer->async_wait([watched = weak_from_this(), timer](std::error_code cancelled) {
            const auto self = watched.lock();
            if (!cancelled && self)
                self->expired();
        });
    }

    void expired() {
        const auto now = clock::now();
        armed_ = clock::time_point::max();
        const bool quiet = std::exchange(quiet_, true);
        const auto next = look_(now);
        const auto then = quiet ? next : std::min(next, now + brief);
        if (then < armed_)
            arm(then);
    }

    const asio::any_io_executor executor_;
    std::weak_ptr<asio::steady_timer> timer_; ///< its handler owns it
    std::function<clock::time_point(clock::time_point)> look_;
    clock::time_point armed_ = clock::time_point::max(); ///< the maximum if it is not armed
    bool quiet_ = true;                                  ///< no new call since it has expired last
};

} // namespace mcp::detail
