#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/suspended.hpp>

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

/// The limits of a `mailbox`, beyond which it refuses messages.
struct mailbox_limits {
    std::size_t messages = 1024;         ///< Messages that wait.
    std::size_t bytes = 4 * 1024 * 1024; ///< Bytes in these messages together.
    /// A budget for all mailboxes that share it; null for no limit. No mailbox holds more than it
    /// leaves for the others.
    std::shared_ptr<byte_budget> all{};
};

/// The result of a push.
enum class push_result {
    taken, ///< The message is queued, or has woken the consumer.
    /// A limit of this mailbox or of the budget is reached; not queued. The caller decides whether
    /// to close, drop or wait.
    full,
    closed ///< The mailbox is closed; not queued.
};

/// A queue of messages from any thread to one coroutine.
///
/// Any thread may call `push`, `poke` and `close` at any time. One consumer at a time calls
/// `try_pop` and `wait`; it resumes on its own executor. There is no timer, and an empty mailbox
/// owns no memory. It must outlive a suspended `wait`: keep it in a `shared_ptr` that both sides
/// hold. If the event loop of a suspended `wait` is destroyed, so is the waiting coroutine.
///
///     std::string message;
///     do {
///         while (box->try_pop(message)) { … }
///     } while (co_await box->wait());
class mailbox {
public:
    explicit mailbox(mailbox_limits limits = {})
        : limits_(std::move(limits))
        , share_(limits_.all.get()) {}
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;

    /// Queues `message` and wakes the consumer.
    push_result push(std::string message) { return push(std::move(message), false); }

    /// Queues a message that has waited elsewhere. It is no sign of a slow consumer, so only the
    /// limit of the shared budget applies.
    push_result push_backlog(std::string message) { return push(std::move(message), true); }

    /// Makes one `wait` return true, even if the mailbox is empty. For keep-alives.
    void poke();

    /// Refuses further messages. Queued messages can still be popped; then `wait` returns false.
    void close();

    /// Closes the mailbox and drops the queued messages.
    void abandon();

    bool closed() const;
    bool empty() const;

    /// Returns the number of bytes in the queued messages.
    std::size_t bytes() const;

    /// Moves the oldest message into `out`; false if the mailbox is empty.
    bool try_pop(std::string& out);

    /// Waits for a message or a poke; false once the mailbox is closed and empty.
    ///
    /// Throws `operation_aborted` if the consumer is cancelled; no message is lost.
    [[nodiscard]] asio::awaitable<bool> wait();

private:
    template <class Handler>
    struct consumer;
    struct initiate;

    push_result push(std::string message, bool backlog);
    bool something() const { return head_ < queue_.size() || poked_; }
    void wake(std::unique_lock<std::mutex> lock);
    void cancel_wait();

    mutable std::mutex mutex_;
    const mailbox_limits limits_;
    byte_share share_;               // of `limits_.all`
    std::vector<std::string> queue_; // messages from `head_` on wait
    std::size_t head_ = 0;
    std::size_t bytes_ = 0;
    suspended<std::error_code, bool> waiter_; // the consumer
    bool poked_ = false;
    bool closed_ = false;
};

/// The handler of the consumer. It is not cancelled any more once it has been resumed.
template <class Handler>
struct mailbox::consumer {
    using executor_type = asio::associated_executor_t<Handler>;
    executor_type get_executor() const noexcept { return asio::get_associated_executor(handler); }

    void operator()(std::error_code error, bool more) {
        if (slot.is_connected()) {
            slot.clear();
        }
        std::move(handler)(error, more);
    }

    asio::associated_cancellation_slot_t<Handler> slot;
    Handler handler;
};

struct mailbox::initiate {
    mailbox* self;

    template <class Handler>
    void operator()(Handler handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        suspended<std::error_code, bool> made(consumer<Handler>{slot, std::move(handler)});
        std::unique_lock lock(self->mutex_);
        if (slot.is_connected()) {
            slot.assign([box = self](asio::cancellation_type) { box->cancel_wait(); });
        }
        self->waiter_ = std::move(made);
        if (self->something() || self->closed_) {
            self->wake(std::move(lock));
        }
    }
};

inline push_result mailbox::push(std::string message, bool backlog) {
    std::unique_lock lock(mutex_);
    if (closed_) {
        return push_result::closed;
    }
    // An empty mailbox takes one message of any size: its consumer is not slow.
    if (!backlog && queue_.size() > head_ &&
        (queue_.size() - head_ >= limits_.messages || bytes_ + message.size() > limits_.bytes)) {
        return push_result::full;
    }
    if (!share_.resize(bytes_ + message.size())) {
        return push_result::full;
    }
    if (queue_.size() == queue_.capacity() && head_ * 2 >= queue_.size() && head_ > 0) {
        queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
    }
    bytes_ += message.size();
    queue_.push_back(std::move(message));
    wake(std::move(lock));
    return push_result::taken;
}

inline void mailbox::poke() {
    std::unique_lock lock(mutex_);
    poked_ = true;
    wake(std::move(lock));
}

inline void mailbox::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    wake(std::move(lock));
}

inline void mailbox::abandon() {
    std::vector<std::string> dropped;
    std::unique_lock lock(mutex_);
    dropped.swap(queue_);
    head_ = bytes_ = 0;
    share_.resize(0);
    poked_ = false;
    closed_ = true;
    wake(std::move(lock));
}

inline bool mailbox::closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
}

inline bool mailbox::empty() const {
    std::lock_guard lock(mutex_);
    return head_ == queue_.size();
}

inline std::size_t mailbox::bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
}

inline bool mailbox::try_pop(std::string& out) {
    std::lock_guard lock(mutex_);
    if (head_ == queue_.size()) {
        return false;
    }
    out = std::move(queue_[head_++]);
    bytes_ -= out.size();
    share_.resize(bytes_);
    if (head_ == queue_.size()) {
        std::vector<std::string>().swap(queue_); // an idle stream holds no memory
        head_ = 0;
    }
    return true;
}

inline asio::awaitable<bool> mailbox::wait() {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::error_code, bool)>(
        initiate{this}, asio::use_awaitable);
}

inline void mailbox::wake(std::unique_lock<std::mutex> lock) {
    if (!waiter_) {
        return;
    }
    const bool more = something();
    poked_ = false;
    auto sleeping = std::move(waiter_);
    lock.unlock();
    sleeping.resume({}, more);
}

inline void mailbox::cancel_wait() {
    std::unique_lock lock(mutex_);
    if (!waiter_) {
        return;
    }
    auto sleeping = std::move(waiter_);
    lock.unlock();
    sleeping.resume(asio::error::operation_aborted, false);
}

} // namespace mcp
