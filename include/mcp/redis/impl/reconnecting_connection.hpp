// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/redis/impl/hiredis_connection.hpp>
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
class reconnecting_connection {
public:
    reconnecting_connection(asio::io_context& io, const settings& to, std::function<void()> on_up,
                            std::function<void()> on_down)
        : io_(io)
        , to_(to)
        , on_up_(std::move(on_up))
        , on_down_(std::move(on_down))
        , timer_(io) {}

    void start() {
        const auto attempt = ++attempt_;
        connection_ =
            std::make_unique<hiredis_connection>(io_, to_, [this, attempt] { drop(attempt); });
        timer_.expires_after(to_.connect_timeout);
        timer_.async_wait([this, attempt](asio::error_code failure) {
            if (!failure)
                drop(attempt);
        });
        if (!connection_->open()) {
            asio::post(io_, [this, attempt] { drop(attempt); });
            return;
        }
        if (!to_.password.empty())
            send_greeting(attempt,
                          to_.user.empty()
                              ? hiredis_connection::arguments{"AUTH", to_.password}
                              : hiredis_connection::arguments{"AUTH", to_.user, to_.password});
        if (to_.database != 0)
            send_greeting(attempt, {"SELECT", std::to_string(to_.database)});
        connection_->send({"PING"}, [this, attempt](const reply& received) {
            if (received.is_error())
                return drop(attempt);
            if (attempt != attempt_)
                return;
            timer_.cancel();
            up_since_ = std::chrono::steady_clock::now();
            first_ = false;
            up_.store(true);
            on_up_();
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
    hiredis_connection& get() { return *connection_; }

private:
    using wall_clock = std::chrono::system_clock;

    void send_greeting(unsigned attempt, const hiredis_connection::arguments& command) {
        connection_->send(command, [this, attempt](const reply& received) {
            if (received.is_error())
                drop(attempt);
        });
    }

    void drop(unsigned attempt) {
        if (attempt != attempt_)
            return; // the connection has been dropped before
        ++attempt_;
        if (up_.exchange(false)) {
            down_since_.store(wall_clock::now().time_since_epoch());
            // Keeps the pause growing for a server that accepts connections but is of no use.
            if (std::chrono::steady_clock::now() - up_since_ >= to_.backoff_max)
                failures_ = 0;
        }
        first_ = false;
        // The connection may be the caller of this function, so it is destroyed later.
        if (connection_)
            connection_->close();
        asio::post(io_, [gone = std::shared_ptr<hiredis_connection>(std::move(connection_))] {});
        on_down_();
        if (stopped_)
            return;
        auto pause = to_.backoff_min;
        for (unsigned i = 0; i < failures_ && pause < to_.backoff_max; ++i)
            pause *= 2;
        ++failures_;
        pause = std::min(pause, to_.backoff_max);
        std::uniform_int_distribution<std::chrono::milliseconds::rep> jitter(pause.count() / 2,
                                                                             pause.count());
        timer_.expires_after(std::chrono::milliseconds(jitter(random_)));
        timer_.async_wait([this, next = attempt_](asio::error_code failure) {
            if (!failure && next == attempt_ && !stopped_)
                start();
        });
    }

    asio::io_context& io_;
    const settings& to_;
    std::function<void()> on_up_;
    std::function<void()> on_down_;
    asio::steady_timer timer_;
    std::unique_ptr<hiredis_connection> connection_;
    std::minstd_rand random_{std::random_device{}()};
    std::chrono::steady_clock::time_point up_since_{};
    unsigned attempt_ = 0;
    unsigned failures_ = 0;
    bool first_ = true;
    bool stopped_ = false;
    std::atomic<bool> up_{false};
    std::atomic<wall_clock::duration> down_since_{wall_clock::now().time_since_epoch()};
};

} // namespace mcp::redis::detail
