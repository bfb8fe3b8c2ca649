#pragma once

// Part of <mcp/http/client.hpp>: the deadlines of a request.

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace mcp::http::detail {

/// One timer for all deadlines of a request. It costs nothing to move a deadline further away: the
/// timer finds out when it fires. Used on the executor of the request only.
class client_watchdog : public std::enable_shared_from_this<client_watchdog> {
public:
    using clock = std::chrono::steady_clock;

    explicit client_watchdog(const asio::any_io_executor& on) : timer_(on) {}

    /// `time` from now; zero is never.
    static clock::time_point after(std::chrono::milliseconds time) {
        return time.count() > 0 ? clock::now() + time : clock::time_point::max();
    }

    /// The deadline of the whole.
    void limit_total(clock::time_point deadline) { total_ = deadline; }

    /// What begins now must end until `deadline`, or until that of the whole, or else `abort` is
    /// called, once.
    void guard(clock::time_point deadline, std::function<void()> abort) {
        abort_ = std::move(abort);
        deadline_ = std::min(deadline, total_);
        if (deadline_ < fires_)
            arm();
    }

    /// Nothing to watch until the next `guard`.
    void rest() {
        abort_ = nullptr;
        deadline_ = clock::time_point::max();
    }

    /// Nothing to watch any more: the timer holds no loop open.
    void stop() {
        rest();
        fires_ = clock::time_point::max();
        timer_.cancel();
    }

    /// Whether a deadline has passed.
    bool expired() const noexcept { return expired_; }

    /// It was one of an attempt, and there is another.
    void forgive() noexcept { expired_ = false; }

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
