// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/lazy_pool.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace mcp::detail {

class lazy_pool::threads {
public:
    ~threads() {
        loop_.stop();
        for (std::thread& each : running_)
            each.join();
    }

    executor_type executor(std::size_t wanted) {
        std::lock_guard lock(mutex_);
        if (running_.empty() && !joining_)
            start(std::max<std::size_t>(1, wanted));
        return loop_.get_executor();
    }

    bool join() {
        const std::lock_guard one_join(ending_);
        std::vector<std::thread> ending;
        {
            std::lock_guard lock(mutex_);
            joining_ = true;
            ending.swap(running_);
            work_.reset();
        }
        for (std::thread& each : ending)
            each.join();
        loop_.restart();
        const bool more = loop_.run() > 0;
        std::lock_guard lock(mutex_);
        joining_ = false;
        return more || !ending.empty();
    }

private:
    void start(std::size_t wanted) {
        loop_.restart();
        work_.emplace(loop_.get_executor());
        for (std::size_t i = 0; i < wanted; ++i)
            running_.emplace_back([this] { loop_.run(); });
    }

    std::mutex ending_;
    std::mutex mutex_;
    bool joining_ = false; ///< while true no thread may start: it would not be joined
    asio::io_context loop_;
    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
    std::vector<std::thread> running_;
};

MCP_DECL lazy_pool::lazy_pool() : threads_(std::make_unique<threads>()) {}

MCP_DECL lazy_pool::~lazy_pool() = default;

MCP_DECL lazy_pool::executor_type lazy_pool::executor(std::size_t wanted) {
    return threads_->executor(wanted);
}

MCP_DECL bool lazy_pool::join() {
    return threads_->join();
}

} // namespace mcp::detail
