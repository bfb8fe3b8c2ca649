// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/suspended.hpp>
#include <mcp/async/task_queue.hpp>
#include <mcp/redis/connection.hpp>
#include <mcp/redis/impl/core.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <functional>
#include <memory>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace mcp::redis {

namespace detail {

/// Resumes a suspended coroutine on its own executor.
class resumption final : public completion {
public:
    template <class Handler>
    resumption(core& on, Handler handler) : core_(on)
                                          , waiting_(std::move(handler)) {}

    void done(std::exception_ptr failure, reply received) override {
        core_.resume(std::move(waiting_), std::move(failure), std::move(received));
    }

private:
    core& core_;
    mcp::detail::suspended<std::exception_ptr, reply> waiting_;
};

class callback final : public completion {
public:
    using function = std::function<void(const std::exception_ptr&, const reply&)>;
    explicit callback(function then) : then_(std::move(then)) {}
    void done(std::exception_ptr failure, reply received) override {
        if (!then_)
            return;
        try {
            then_(failure, received);
        } catch (...) { // the thread of the core must not end because of the callback
        }
    }

private:
    function then_;
};

/// Runs the thread of the core; the thread ends with the last handle.
class core_thread {
public:
    explicit core_thread(settings s) : core_(std::make_shared<core>(std::move(s))) {
        // Signals belong to the program's own threads. A Redis server that closes raises SIGPIPE
        // here.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread([core = core_] {
            core->start();
            core->io().run();
        });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    core_thread(const core_thread&) = delete;
    core_thread& operator=(const core_thread&) = delete;
    ~core_thread() {
        core_->hand_over(mcp::detail::make_task([core = core_.get()] { core->stop(); }));
        if (thread_.get_id() == std::this_thread::get_id())
            thread_.detach(); // a listener released the last handle; the thread ends by itself
        else
            thread_.join();
    }

    core& get() const noexcept { return *core_; }

private:
    std::shared_ptr<core> core_;
    std::thread thread_;
};

/// Starts an operation on the core. A named type, see `start_on_pool`.
template <class Job>
class start_on_core {
public:
    start_on_core(std::shared_ptr<core_thread> on, Job job)
        : thread_(std::move(on))
        , job_(std::move(job)) {}

    template <class Handler>
    void operator()(Handler handler) {
        core& on = thread_->get();
        const asio::any_io_executor from = asio::get_associated_executor(handler);
        completion_ptr waiting = std::make_unique<resumption>(on, std::move(handler));
        auto start = [&on, job = std::move(job_), waiting = std::move(waiting)]() mutable {
            job(on, std::move(waiting));
        };
        on.hand_over(mcp::detail::make_task(std::move(start)), from);
    }

private:
    std::shared_ptr<core_thread> thread_;
    Job job_;
};

template <class Job>
asio::awaitable<reply> run_on_core(std::shared_ptr<core_thread> on, Job job) {
    start_on_core<Job> begin(std::move(on), std::move(job));
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr, reply)>(
        begin, asio::use_awaitable);
}

inline settings with_encryption(settings of, encryption encrypt) {
    of.encrypt = std::move(encrypt);
    return of;
}

inline settings with_checks(settings of) {
    if (of.encrypted && !of.encrypt)
        throw std::invalid_argument("Redis URL: rediss:// needs encryption; pass mcp::redis::tls() "
                                    "of <mcp/redis/tls.hpp>");
    return of;
}

} // namespace detail

MCP_DECL connection::connection(std::string_view url, encryption encrypt)
    : connection(detail::with_encryption(parse_url(url), std::move(encrypt))) {}

MCP_DECL connection::connection(settings to)
    : thread_(std::make_shared<detail::core_thread>(detail::with_checks(std::move(to)))) {}

MCP_DECL asio::awaitable<reply> connection::send(std::vector<std::string> command) const {
    auto job = [command = std::move(command)](detail::core& core,
                                              detail::completion_ptr waiting) mutable {
        core.send(std::move(command), std::move(waiting));
    };
    return detail::run_on_core(thread_, std::move(job));
}

MCP_DECL void
connection::post(std::vector<std::string> command,
                 std::function<void(const std::exception_ptr&, const reply&)> then) const {
    detail::core& core = thread_->get();
    auto start = [&core, command = std::move(command), then = std::move(then)]() mutable {
        core.send(std::move(command), std::make_unique<detail::callback>(std::move(then)));
    };
    core.hand_over(mcp::detail::make_task(std::move(start)));
}

MCP_DECL void connection::listen(std::string channel, std::weak_ptr<listener> receiver) const {
    detail::core& core = thread_->get();
    auto start = [&core, channel = std::move(channel), receiver = std::move(receiver)]() mutable {
        core.listen(channel, std::move(receiver));
    };
    core.hand_over(mcp::detail::make_task(std::move(start)));
}

MCP_DECL asio::awaitable<reply> connection::confirmed(std::string channel) const {
    auto job = [channel = std::move(channel)](detail::core& core, detail::completion_ptr waiting) {
        core.confirm(channel, std::move(waiting));
    };
    return detail::run_on_core(thread_, std::move(job));
}

MCP_DECL void connection::mute(std::string channel) const {
    detail::core& core = thread_->get();
    auto start = [&core, channel = std::move(channel)] { core.mute(channel); };
    core.hand_over(mcp::detail::make_task(std::move(start)));
}

MCP_DECL unsigned connection::database() const noexcept {
    return thread_->get().database();
}

MCP_DECL bool connection::healthy() const noexcept {
    return thread_->get().healthy();
}

MCP_DECL health_state connection::health() const {
    return thread_->get().health();
}

} // namespace mcp::redis
