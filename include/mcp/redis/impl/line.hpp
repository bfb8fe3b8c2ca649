#pragma once

#include <mcp/redis/impl/link.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>

namespace mcp::redis::detail {

/// A connection to Redis that reconnects: it connects, greets, and retries after a loss with
/// growing pauses. All members but `up` and `down_since` are for the thread of `io`.
class line {
public:
    line(asio::io_context& io, const settings& to, std::function<void()> risen,
         std::function<void()> fallen)
        : io_(io)
        , to_(to)
        , risen_(std::move(risen))
        , fallen_(std::move(fallen))
        , timer_(io) {}

    void start() {
        const auto own = ++attempt_;
        link_ = std::make_unique<link>(io_, to_, [this, own] { drop(own); });
        timer_.expires_after(to_.connect_timeout);
        timer_.async_wait([this, own](asio::error_code failure) {
            if (!failure)
                drop(own);
        });
        if (!link_->open()) {
            asio::post(io_, [this, own] { drop(own); });
            return;
        }
        if (!to_.password.empty())
            greet(own, to_.user.empty() ? link::arguments{"AUTH", to_.password}
                                        : link::arguments{"AUTH", to_.user, to_.password});
        if (to_.database != 0)
            greet(own, {"SELECT", std::to_string(to_.database)});
        link_->send({"PING"}, [this, own](const reply& answer) {
            if (answer.is_error())
                return drop(own);
            if (own != attempt_)
                return;
            timer_.cancel();
            risen_at_ = std::chrono::steady_clock::now();
            first_ = false;
            up_.store(true);
            risen_();
        });
    }

    void stop() {
        stopped_ = true;
        drop(attempt_);
        timer_.cancel();
    }

    /// Drops the connection and opens a new one.
    void drop() { drop(attempt_); }

    bool up() const noexcept { return up_.load(); }

    /// Returns the time of the last loss, or of construction; valid only while the connection is
    /// down.
    std::chrono::system_clock::time_point down_since() const noexcept {
        return wall_clock::time_point(down_since_.load());
    }

    /// Returns whether the first attempt is still under way.
    bool first() const noexcept { return first_; }

    /// Returns the connection; valid only while `up`.
    link& wire() { return *link_; }

private:
    using wall_clock = std::chrono::system_clock;

    void greet(unsigned own, const link::arguments& command) {
        link_->send(command, [this, own](const reply& answer) {
            if (answer.is_error())
                drop(own);
        });
    }

    void drop(unsigned own) {
        if (own != attempt_)
            return; // the connection has been dropped before
        ++attempt_;
        if (up_.exchange(false)) {
            down_since_.store(wall_clock::now().time_since_epoch());
            // Keeps the pause growing for a server that accepts connections but is of no use.
            if (std::chrono::steady_clock::now() - risen_at_ >= to_.backoff_max)
                failures_ = 0;
        }
        first_ = false;
        // The link may be the caller of this function, so it is destroyed later.
        if (link_)
            link_->close();
        asio::post(io_, [gone = std::shared_ptr<link>(std::move(link_))] {});
        fallen_();
        if (stopped_)
            return;
        auto longest = to_.backoff_min;
        for (unsigned i = 0; i < failures_ && longest < to_.backoff_max; ++i)
            longest *= 2;
        ++failures_;
        longest = std::min(longest, to_.backoff_max);
        std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter(longest.count() / 2,
                                                                             longest.count());
        timer_.expires_after(std::chrono::milliseconds(jitter(random_)));
        timer_.async_wait([this, next = attempt_](asio::error_code failure) {
            if (!failure && next == attempt_ && !stopped_)
                start();
        });
    }

    asio::io_context& io_;
    const settings& to_;
    std::function<void()> risen_;
    std::function<void()> fallen_;
    asio::steady_timer timer_;
    std::unique_ptr<link> link_;
    std::minstd_rand random_{std::random_device{}()};
    std::chrono::steady_clock::time_point risen_at_{};
    unsigned attempt_ = 0;
    unsigned failures_ = 0;
    bool first_ = true;
    bool stopped_ = false;
    std::atomic<bool> up_{false};
    std::atomic<wall_clock::duration> down_since_{wall_clock::now().time_since_epoch()};
};

} // namespace mcp::redis::detail
