// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/async/suspended.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

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
///         while (box->try_pop(message))
///             use(message);
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
    struct initiate;

    push_result push(std::string message, bool backlog);
    bool something() const { return head_ < queue_.size() || poked_; }
    void wake(std::unique_lock<std::mutex> lock);
    void cancel_wait();

    mutable std::mutex mutex_;
    const mailbox_limits limits_;
    detail::byte_share share_;       // of `limits_.all`
    std::vector<std::string> queue_; // messages from `head_` on wait
    std::size_t head_ = 0;
    std::size_t bytes_ = 0;
    detail::suspended<std::error_code, bool> waiter_; // the consumer
    bool poked_ = false;
    bool closed_ = false;
};

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/async/impl/mailbox.ipp>
#endif
