// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/shutdown_watch.hpp>
#include <mcp/async/stop_signals.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <system_error>
#include <thread>
#include <utility>

namespace mcp::detail {

class shutdown_watch::watcher {
public:
    explicit watcher(shutdown_actions actions) : actions_(std::move(actions)) {
        if (actions_.stop)
            signals_.watch([this] {
                begin();
                actions_.stop();
            });
        thread_ = std::thread([this] { loop_.run(); });
    }

    ~watcher() {
        loop_.stop();
        thread_.join();
    }

    void begin() {
        asio::post(loop_, [this] {
            if (std::exchange(begun_, true))
                return;
            timer_.expires_at(later(asio::steady_timer::clock_type::now(), actions_.patience));
            timer_.async_wait([this](std::error_code ended) {
                if (!ended && actions_.overdue)
                    actions_.overdue();
            });
        });
    }

    void release() {
        asio::post(loop_, [this] { signals_.release(); });
    }

private:
    const shutdown_actions actions_;
    bool begun_ = false;
    asio::io_context loop_{1};
    asio::executor_work_guard<asio::io_context::executor_type> alive_{loop_.get_executor()};
    stop_signals signals_{loop_.get_executor()};
    asio::steady_timer timer_{loop_};
    std::thread thread_;
};

MCP_DECL shutdown_watch::shutdown_watch(shutdown_actions actions)
    : watcher_(std::make_unique<watcher>(std::move(actions))) {}

MCP_DECL shutdown_watch::~shutdown_watch() = default;

MCP_DECL void shutdown_watch::begin() {
    watcher_->begin();
}

MCP_DECL void shutdown_watch::release() {
    watcher_->release();
}

} // namespace mcp::detail
