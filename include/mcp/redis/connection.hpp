#pragma once

#include <mcp/async/suspended.hpp>
#include <mcp/redis/impl/core.hpp>
#include <mcp/redis/listener.hpp>
#include <mcp/redis/reply.hpp>
#include <mcp/redis/settings.hpp>

#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <concepts>
#include <csignal>
#include <exception>
#include <functional>
#include <memory>
#include <pthread.h>
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
    explicit resumption(Handler handler) : waiting_(std::move(handler)) {}

    void done(std::exception_ptr failure, reply answer) override {
        waiting_.resume(std::move(failure), std::move(answer));
    }

private:
    suspended<std::exception_ptr, reply> waiting_;
};

class callback final : public completion {
public:
    using function = std::function<void(const std::exception_ptr&, const reply&)>;
    explicit callback(function then) : then_(std::move(then)) {}
    void done(std::exception_ptr failure, reply answer) override {
        if (!then_)
            return;
        try {
            then_(failure, answer);
        } catch (...) { // the thread of the core must not end because of the callback
        }
    }

private:
    function then_;
};

/// Runs the thread of the core; the thread ends with the last handle.
class runner {
public:
    explicit runner(settings s) : core_(std::make_shared<core>(std::move(s))) {
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
    runner(const runner&) = delete;
    runner& operator=(const runner&) = delete;
    ~runner() {
        asio::post(core_->io(), [core = core_.get()] { core->stop(); });
        if (thread_.get_id() == std::this_thread::get_id())
            thread_.detach(); // a listener released the last handle; the thread ends by itself
        else
            thread_.join();
    }

    const std::shared_ptr<core>& get() const noexcept { return core_; }

private:
    std::shared_ptr<core> core_;
    std::thread thread_;
};

/// Starts an operation on the core. A named type, see `start_on_pool`.
template <class Job>
class start_on_core {
public:
    start_on_core(std::shared_ptr<runner> on, Job job)
        : runner_(std::move(on))
        , job_(std::move(job)) {}

    template <class Handler>
    void operator()(Handler handler) {
        completion_ptr who = std::make_unique<resumption>(std::move(handler));
        auto go = [core = runner_->get().get(), job = std::move(job_),
                   who = std::move(who)]() mutable { job(*core, std::move(who)); };
        asio::post(runner_->get()->io(), std::move(go));
    }

private:
    std::shared_ptr<runner> runner_;
    Job job_;
};

inline settings with_encryption(settings of, encryption encrypt) {
    of.encrypt = std::move(encrypt);
    return of;
}

inline settings checked(settings of) {
    if (of.encrypted && !of.encrypt)
        bad_url("rediss:// needs encryption; pass mcp::redis::tls() of <mcp/redis/tls.hpp>");
    return of;
}

inline std::string argument(std::string_view text) {
    return std::string(text);
}
inline std::string argument(std::integral auto number) {
    return std::to_string(number);
}

} // namespace detail

/// A handle to a Redis server: one connection for commands, one for subscriptions, and a thread
/// that serves both. Copies share the connections; the last copy closes them.
///
///     mcp::redis::connection redis("redis://:secret@10.0.0.5:6379/2");
///     auto answer = co_await redis.command("SET", "key", "value", "EX", 60);
///
/// - Members may be called from any thread. Awaitables may be awaited on any executor and resume
///   there. Commands of many callers are pipelined and cannot be cancelled separately: each
///   completes within the command timeout.
/// - A lost connection is restored automatically, with growing pauses, and all channels are
///   subscribed to again. Meanwhile commands fail at once with `unavailable`. Only before the end
///   of the first attempt do they wait for it.
/// - If the server replies READONLY, MASTERDOWN, LOADING, CLUSTERDOWN or NOAUTH, it is not, or no
///   longer, the right server. Both connections are then opened anew, and the host is resolved
///   again.
/// - A command under way when the connection is lost fails with `unavailable` as well. Redis may
///   have executed it; it is not sent again.
class connection {
public:
    /// Connects in the background. Throws what `parse_url` throws. Throws `std::invalid_argument`
    /// if the URL is a `rediss://` URL and `encrypt` is empty; `tls()` makes an `encrypt`.
    explicit connection(std::string_view url, encryption encrypt = {})
        : connection(detail::with_encryption(parse_url(url), std::move(encrypt))) {}
    explicit connection(settings to)
        : runner_(std::make_shared<detail::runner>(detail::checked(std::move(to)))) {}

    /// Sends a command of strings and integers and returns the reply.
    ///
    /// Throws `unavailable`, or `command_error` with the error text of Redis.
    template <class... Args>
    [[nodiscard]] asio::awaitable<reply> command(const Args&... args) const {
        return send({detail::argument(args)...});
    }

    /// Sends a command that is assembled at run time, like `command`.
    [[nodiscard]] asio::awaitable<reply> send(std::vector<std::string> command) const {
        auto job = [command = std::move(command)](detail::core& core,
                                                  detail::completion_ptr who) mutable {
            core.send(std::move(command), std::move(who));
        };
        return start(std::move(job));
    }

    /// Sends a command without waiting. `then` is called on the connection's thread with the
    /// failure or the reply and must not block. Its exceptions are dropped.
    void post(std::vector<std::string> command,
              std::function<void(const std::exception_ptr&, const reply&)> then = {}) const {
        auto go = [core = core_ptr(), command = std::move(command),
                   then = std::move(then)]() mutable {
            core->send(std::move(command), std::make_unique<detail::callback>(std::move(then)));
        };
        asio::post(core_ptr()->io(), std::move(go));
    }

    /// Subscribes to a channel, now and after every reconnect. A channel has one listener: the
    /// last. The connection does not keep the listener alive.
    void listen(std::string channel, std::weak_ptr<listener> who) const {
        auto go = [core = core_ptr(), channel = std::move(channel), who = std::move(who)] {
            core->listen(channel, who);
        };
        asio::post(core_ptr()->io(), std::move(go));
    }

    /// Completes when Redis has confirmed the subscription: later messages on the channel arrive.
    ///
    /// Throws `unavailable`, or `command_error` if Redis does not allow the channel to this user;
    /// the connection still subscribes to the channel after a reconnect.
    [[nodiscard]] asio::awaitable<reply> confirmed(std::string channel) const {
        auto job = [channel = std::move(channel)](detail::core& core, detail::completion_ptr who) {
            core.confirm(channel, std::move(who));
        };
        return start(std::move(job));
    }

    /// Unsubscribes from a channel without waiting.
    void mute(std::string channel) const {
        auto go = [core = core_ptr(), channel = std::move(channel)] { core->mute(channel); };
        asio::post(core_ptr()->io(), std::move(go));
    }

    /// Returns the number of the database for commands. Channels do not belong to a database.
    unsigned database() const noexcept { return runner_->get()->database(); }

    /// Returns whether both connections are up.
    bool healthy() const noexcept { return runner_->get()->healthy(); }

    /// Reports health for `server.health()`: not ok while a connection is down, or for a few
    /// seconds after Redis has refused a command for a temporary reason. Includes the start of the
    /// failure.
    health_state health() const { return runner_->get()->health(); }

    /// Returns whether both are handles to the same connection.
    friend bool operator==(const connection& a, const connection& b) noexcept {
        return a.runner_ == b.runner_;
    }

private:
    detail::core* core_ptr() const noexcept { return runner_->get().get(); }

    template <class Job>
    asio::awaitable<reply> start(Job job) const {
        detail::start_on_core<Job> begin(runner_, std::move(job));
        return asio::async_initiate<const asio::use_awaitable_t<>&,
                                    void(std::exception_ptr, reply)>(begin, asio::use_awaitable);
    }

    std::shared_ptr<detail::runner> runner_;
};

} // namespace mcp::redis
