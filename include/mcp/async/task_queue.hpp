// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/resumption_queue.hpp>
#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/defer.hpp>
#include <asio/execution_context.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Work that any thread gives to the thread of an event loop. `run` is called at most once.
class task {
public:
    virtual ~task() = default;
    virtual void run() = 0;
};
using task_ptr = std::unique_ptr<task>;

template <class Function>
class function_task final : public task {
public:
    explicit function_task(Function function) : function_(std::move(function)) {}
    void run() override { function_(); }

private:
    Function function_;
};

template <class Function>
task_ptr make_task(Function function) {
    return std::make_unique<function_task<Function>>(std::move(function));
}

/// Runs tasks on the thread of `io` in the order of `push`, with one post for all that are pushed
/// meanwhile. Thread-safe.
class task_queue {
public:
    explicit task_queue(asio::io_context& io) : io_(io) {}

    /// Runs the task, and those before it, as soon as possible.
    void push(task_ptr one) {
        std::unique_lock lock(mutex_);
        tasks_.push_back(std::move(one));
        run_soon(std::move(lock));
    }

    /// Runs a task of the event loop of `from` when the handlers that are ready there have run,
    /// together with the tasks that these push; as soon as possible if `from` belongs to no event
    /// loop. `owner` keeps the queue alive until then.
    void push(task_ptr one, const asio::any_io_executor& from, std::shared_ptr<const void> owner) {
        const asio::execution_context* const loop = event_loop_of(from);
        if (loop == nullptr)
            return push(std::move(one));
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(one));
            if (std::find(loops_.begin(), loops_.end(), loop) != loops_.end())
                return;
            loops_.push_back(loop);
        }
        asio::defer(from, end_of_turn(*this, loop, std::move(owner)));
    }

private:
    /// Runs the tasks of an event loop at the end of its turn, or when the event loop is destroyed
    /// before.
    class end_of_turn {
    public:
        end_of_turn(task_queue& queue, const asio::execution_context* loop,
                    std::shared_ptr<const void> owner)
            : queue_(queue)
            , loop_(loop)
            , owner_(std::move(owner)) {}
        end_of_turn(end_of_turn&&) noexcept = default;
        end_of_turn& operator=(end_of_turn&&) = delete;
        ~end_of_turn() {
            if (owner_)
                queue_.end_turn(loop_);
        }
        void operator()() {
            const auto owner = std::move(owner_);
            queue_.end_turn(loop_);
        }

    private:
        task_queue& queue_;
        const asio::execution_context* loop_;
        std::shared_ptr<const void> owner_; ///< null when moved from, and after the end
    };

    void end_turn(const asio::execution_context* loop) {
        std::unique_lock lock(mutex_);
        std::erase(loops_, loop);
        if (!tasks_.empty())
            run_soon(std::move(lock));
    }

    void run_soon(std::unique_lock<std::mutex> lock) {
        const bool posted = std::exchange(posted_, true);
        lock.unlock();
        if (!posted)
            asio::post(io_, [this] { run(); });
    }

    void run() {
        std::vector<task_ptr> tasks;
        {
            const std::lock_guard lock(mutex_);
            tasks.swap(tasks_);
            posted_ = false;
        }
        for (const task_ptr& each : tasks)
            each->run();
    }

    asio::io_context& io_;
    std::mutex mutex_;
    std::vector<task_ptr> tasks_;
    std::vector<const asio::execution_context*> loops_; ///< whose `end_of_turn` is under way
    bool posted_ = false;
};

} // namespace mcp::detail
