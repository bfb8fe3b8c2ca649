#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/execution/context.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/execution_context.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>
#include <asio/query.hpp>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace mcp {

/// Holds a handler that waits for an event outside its execution context: a message, work on
/// another thread, the reply on another connection.
///
///     mcp::suspended<std::error_code> waiting(std::move(handler));
///     waiting.resume(std::error_code()); // from any thread
///
/// Until then the event loop keeps running. If the execution context is destroyed first, it
/// destroys the handler, and with it the waiting coroutine, as it does for a timer; `resume` then
/// has no effect. So a waiting coroutine needs no cleanup: the context is not used after its end,
/// and a coroutine that owns itself does not leak. Movable. Any thread may call the members, one at
/// a time; another thread may destroy the context meanwhile.
template <class... Args>
class suspended {
public:
    suspended() = default;

    /// The context calls `dropped`, if any, before it destroys the handler. `dropped` ends, or
    /// waits for, the work that still uses the coroutine.
    template <class Handler>
    explicit suspended(Handler handler, std::function<void()> dropped = {});
    suspended(suspended&&) noexcept = default;
    suspended& operator=(suspended&& other) noexcept {
        std::swap(held_, other.held_);
        return *this;
    }

    /// Destroys the handler if it has not been resumed.
    ~suspended();

    explicit operator bool() const noexcept { return held_ != nullptr; }

    /// Calls the handler on its executor, once. Then this object is empty.
    void resume(Args... args);

private:
    struct entry;
    template <class Handler>
    struct entry_of;

    std::shared_ptr<entry> held_;
};

namespace detail {

/// The suspended handlers of one execution context. Thread-safe.
class suspensions {
public:
    struct entry {
        entry() = default;
        entry(const entry&) = delete;
        entry& operator=(const entry&) = delete;
        virtual ~entry() = default;
        virtual void drop() noexcept = 0; ///< destroys the handler

        std::list<std::shared_ptr<entry>>::iterator at; ///< position in the list, while listed
        bool listed = false;
    };

    static std::shared_ptr<suspensions> of(asio::execution_context& context);

    void add(const std::shared_ptr<entry>& one) {
        const std::lock_guard lock(mutex_);
        one->at = entries_.insert(entries_.end(), one);
        one->listed = true;
    }

    /// Removes the entry from the list; false if the context has removed it. The context stays
    /// alive until `used`.
    bool use(entry& one) {
        const std::lock_guard lock(mutex_);
        if (!std::exchange(one.listed, false))
            return false;
        entries_.erase(one.at);
        ++users_;
        return true;
    }
    void used() {
        const std::lock_guard lock(mutex_);
        if (--users_ == 0)
            unused_.notify_all();
    }

    /// Drops all entries: the context is being destroyed.
    void close() {
        std::list<std::shared_ptr<entry>> all;
        {
            std::unique_lock lock(mutex_);
            all.swap(entries_);
            for (const auto& each : all)
                each->listed = false;
            unused_.wait(lock, [this] { return users_ == 0; });
        }
        for (const auto& each : all)
            each->drop();
    }

private:
    std::mutex mutex_;
    std::condition_variable unused_;
    std::list<std::shared_ptr<entry>> entries_;
    std::size_t users_ = 0;
};

/// Ties the suspended handlers to the lifetime of their context.
class suspension_service final : public asio::execution_context::service {
public:
    static inline asio::execution_context::id id;

    explicit suspension_service(asio::execution_context& of) : service(of) {}

    const std::shared_ptr<suspensions> all = std::make_shared<suspensions>();

private:
    void shutdown() override { all->close(); }
};

inline std::shared_ptr<suspensions> suspensions::of(asio::execution_context& context) {
    return asio::use_service<suspension_service>(context).all;
}

} // namespace detail

template <class... Args>
struct suspended<Args...>::entry : detail::suspensions::entry {
    virtual void post(Args... args) = 0;
    std::shared_ptr<detail::suspensions> list;
};

template <class... Args>
template <class Handler>
struct suspended<Args...>::entry_of final : entry {
    entry_of(Handler h, std::function<void()> d)
        : dropped(std::move(d))
        , work(asio::prefer(asio::any_io_executor(asio::get_associated_executor(h)),
                            asio::execution::outstanding_work.tracked))
        , handler(std::move(h)) {
        this->list = detail::suspensions::of(asio::query(work, asio::execution::context));
    }

    void post(Args... args) override {
        auto call = [handler = std::move(*handler), ... args = std::move(args)]() mutable {
            std::move(handler)(std::move(args)...);
        };
        handler.reset();
        asio::post(std::exchange(work, asio::any_io_executor()), std::move(call));
    }

    void drop() noexcept override {
        if (dropped)
            dropped();
        handler.reset();
        work = asio::any_io_executor();
    }

    std::function<void()> dropped;
    asio::any_io_executor work; // keeps the event loop running
    std::optional<Handler> handler;
};

template <class... Args>
template <class Handler>
suspended<Args...>::suspended(Handler handler, std::function<void()> dropped)
    : held_(std::make_shared<entry_of<Handler>>(std::move(handler), std::move(dropped))) {
    held_->list->add(held_);
}

template <class... Args>
suspended<Args...>::~suspended() {
    if (!held_ || !held_->list->use(*held_))
        return;
    held_->drop();
    held_->list->used();
}

template <class... Args>
void suspended<Args...>::resume(Args... args) {
    const auto one = std::exchange(held_, nullptr);
    if (!one || !one->list->use(*one))
        return;
    one->post(std::move(args)...);
    one->list->used();
}

} // namespace mcp
