#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace mcp {

/// A thread pool that starts on first use. A caller may join it while others still submit work.
/// Thread-safe.
class lazy_pool {
public:
    using executor_type = asio::io_context::executor_type;

    lazy_pool() = default;
    lazy_pool(const lazy_pool&) = delete;
    lazy_pool& operator=(const lazy_pool&) = delete;

    /// Stops the pool. Work that has not begun is dropped.
    ~lazy_pool() {
        loop_.stop();
        for (std::thread& each : threads_)
            each.join();
    }

    /// Returns the executor of the pool, valid as long as the pool. If no thread runs, starts
    /// `threads` threads, at least one.
    executor_type executor(std::size_t threads) {
        std::lock_guard lock(mutex_);
        if (threads_.empty() && !joining_)
            start(std::max<std::size_t>(1, threads));
        return loop_.get_executor();
    }

    /// Waits until all work is done and ends the threads; false if there was nothing to do. Work
    /// that arrives after their end is done by this call of `join` or by the next one. Do not call
    /// it from a thread of the pool.
    bool join() {
        const std::lock_guard one(ending_);
        std::vector<std::thread> ending;
        {
            std::lock_guard lock(mutex_);
            joining_ = true;
            ending.swap(threads_);
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
    void start(std::size_t threads) {
        loop_.restart();
        work_.emplace(loop_.get_executor());
        for (std::size_t i = 0; i < threads; ++i)
            threads_.emplace_back([this] { loop_.run(); });
    }

    std::mutex ending_;
    std::mutex mutex_;
    bool joining_ = false; ///< while true no thread may start: it would not be joined
    asio::io_context loop_;
    std::optional<asio::executor_work_guard<executor_type>> work_;
    std::vector<std::thread> threads_;
};

} // namespace mcp
