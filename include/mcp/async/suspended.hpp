// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/defer.hpp>
#include <asio/execution/outstanding_work.hpp>
#include <asio/post.hpp>
#include <asio/prefer.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>

namespace mcp::detail {

template <class... Args>
class resumption_queue;

/// Holds a handler that waits for an event outside its execution context: a message, work on
/// another thread, the reply on another connection.
///
///     mcp::detail::suspended<std::error_code> waiting(std::move(handler));
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
    friend class resumption_queue<Args...>;
    struct entry;
    template <class Handler>
    struct entry_of;

    std::shared_ptr<entry> held_;
};

class suspensions;

/// A suspended handler in the list of its execution context.
class suspended_entry {
public:
    suspended_entry() = default;
    suspended_entry(const suspended_entry&) = delete;
    suspended_entry& operator=(const suspended_entry&) = delete;
    virtual ~suspended_entry() = default;

    /// Adds `entry` to the list of the context of `executor`. The context calls `drop` when it is
    /// destroyed.
    static void add(const std::shared_ptr<suspended_entry>& entry,
                    const asio::any_io_executor& executor);

    /// Removes the entry from the list; false if the context has removed it. The context stays
    /// alive until `used`, which releases `entry` first.
    bool use();
    static void used(std::shared_ptr<suspended_entry> entry);

    virtual void drop() noexcept = 0; ///< destroys the handler

private:
    friend class suspensions;

    std::shared_ptr<suspensions> suspensions_;
    std::list<std::shared_ptr<suspended_entry>>::iterator
        position_; // position in the list, while listed
    bool listed_ = false;
};

template <class... Args>
struct suspended<Args...>::entry : suspended_entry {
    virtual void post(Args... args) = 0;
    virtual void defer(Args... args) = 0; ///< like `post`, on the thread of the event loop
    virtual const asio::any_io_executor& executor() const noexcept = 0;
};

template <class... Args>
template <class Handler>
struct suspended<Args...>::entry_of final : entry {
    entry_of(Handler handler_, std::function<void()> dropped_)
        : dropped(std::move(dropped_))
        , work(asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler_)),
                            asio::execution::outstanding_work.tracked))
        , handler(std::move(handler_)) {}

    void post(Args... args) override {
        auto call = take(std::move(args)...);
        asio::post(std::exchange(work, asio::any_io_executor()), std::move(call));
    }

    void defer(Args... args) override {
        auto call = take(std::move(args)...);
        asio::defer(std::exchange(work, asio::any_io_executor()), std::move(call));
    }

    const asio::any_io_executor& executor() const noexcept override { return work; }

    auto take(Args... args) {
        auto call = [handler = std::move(*handler), ... args = std::move(args)]() mutable {
            std::move(handler)(std::move(args)...);
        };
        handler.reset();
        return call;
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
suspended<Args...>::suspended(Handler handler, std::function<void()> dropped) {
    auto made = std::make_shared<entry_of<Handler>>(std::move(handler), std::move(dropped));
    suspended_entry::add(made, made->work);
    held_ = std::move(made);
}

template <class... Args>
suspended<Args...>::~suspended() {
    if (!held_ || !held_->use())
        return;
    held_->drop();
    suspended_entry::used(std::move(held_));
}

template <class... Args>
void suspended<Args...>::resume(Args... args) {
    auto held = std::exchange(held_, nullptr);
    if (!held || !held->use())
        return;
    held->post(std::move(args)...);
    suspended_entry::used(std::move(held));
}

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/suspended.ipp>
#endif
