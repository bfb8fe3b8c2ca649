// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/http/client.hpp>: the deadlines of a request.

#include <mcp/async/saturating_time.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace mcp::http::detail {

/// One timer for all deadlines of a request. To move a deadline further away costs nothing: the
/// timer checks it when it fires. Used on the executor of the request only.
class client_watchdog : public std::enable_shared_from_this<client_watchdog> {
public:
    using clock = std::chrono::steady_clock;

    explicit client_watchdog(const asio::any_io_executor& executor) : timer_(executor) {}

    /// Returns the time point `time` from now; zero means never.
    static clock::time_point after(std::chrono::milliseconds time) {
        return time.count() > 0 ? mcp::detail::later(clock::now(), time) : clock::time_point::max();
    }

    /// Sets the deadline of the complete request.
    void limit_total(clock::time_point deadline) { total_ = deadline; }

    /// Limits the next operation by `deadline` and by the deadline of the request. Beyond it, calls
    /// `abort` once.
    void watch(clock::time_point deadline, std::function<void()> abort) {
        abort_ = std::move(abort);
        deadline_ = std::min(deadline, total_);
        if (deadline_ < fires_)
            arm();
    }

    /// Watches nothing until the next `watch`.
    void pause() {
        abort_ = nullptr;
        deadline_ = clock::time_point::max();
    }

    /// Ends the watch. The timer does not keep the event loop running.
    void stop() {
        pause();
        fires_ = clock::time_point::max();
        timer_.cancel();
    }

    /// Returns whether a deadline has passed.
    bool expired() const noexcept { return expired_; }

    /// Clears the expiry: it was the deadline of one attempt, and another attempt follows.
    void clear_expired() noexcept { expired_ = false; }

private:
    void arm() {
        fires_ = deadline_;
        timer_.expires_at(fires_);
        timer_.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
            if (!cancelled)
                self->fired();
        });
    }

    void fired() {
        fires_ = clock::time_point::max();
        if (deadline_ == clock::time_point::max())
            return;
        if (clock::now() < deadline_)
            return arm();
        expired_ = true;
        if (const auto abort = std::exchange(abort_, nullptr))
            abort();
    }

    asio::steady_timer timer_;
    clock::time_point total_ = clock::time_point::max();
    clock::time_point deadline_ = clock::time_point::max();
    clock::time_point fires_ = clock::time_point::max();
    std::function<void()> abort_;
    bool expired_ = false;
};

} // namespace mcp::http::detail
