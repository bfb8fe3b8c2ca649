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

/// A thread pool that is started when it is first asked for, and may be waited for while others
/// still give it work. Thread-safe.
class lazy_pool {
public:
    using executor_type = asio::io_context::executor_type;

    lazy_pool() = default;
    lazy_pool(const lazy_pool&) = delete;
    lazy_pool& operator=(const lazy_pool&) = delete;

    /// Ends it without the work that has not begun.
    ~lazy_pool() {
        loop_.stop();
        for (std::thread& each : threads_)
            each.join();
    }

    /// Where its work runs, valid as long as the pool; starts so many threads, at least one, if
    /// none run.
    executor_type executor(std::size_t threads) {
        std::lock_guard lock(mutex_);
        if (threads_.empty() && !joining_)
            start(std::max<std::size_t>(1, threads));
        return loop_.get_executor();
    }

    /// Waits until all its work is done, and ends its threads; false if there was nothing to do.
    /// What comes when they have ended is done by the caller of `join`, or of the next one. Not to
    /// be called from the threads of the pool.
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
    bool joining_ = false; ///< threads that are started now could not be waited for
    asio::io_context loop_;
    std::optional<asio::executor_work_guard<executor_type>> work_;
    std::vector<std::thread> threads_;
};

} // namespace mcp
