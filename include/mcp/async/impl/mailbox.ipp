// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/error.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

namespace detail {

/// The handler of the consumer of a mailbox. It is not cancelled any more once it has been resumed.
template <class Handler>
struct mailbox_consumer {
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

} // namespace detail

struct mailbox::initiate {
    mailbox* self;

    template <class Handler>
    void operator()(Handler handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        detail::suspended<std::error_code, bool> made(
            detail::mailbox_consumer<Handler>{slot, std::move(handler)});
        std::unique_lock lock(self->mutex_);
        if (slot.is_connected()) {
            slot.assign([target = self](asio::cancellation_type) { target->cancel_wait(); });
        }
        self->waiter_ = std::move(made);
        if (self->something() || self->closed_) {
            self->wake(std::move(lock));
        }
    }
};

MCP_DECL push_result mailbox::push(std::string message, bool backlog) {
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

MCP_DECL void mailbox::poke() {
    std::unique_lock lock(mutex_);
    poked_ = true;
    wake(std::move(lock));
}

MCP_DECL void mailbox::close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    wake(std::move(lock));
}

MCP_DECL void mailbox::abandon() {
    std::vector<std::string> dropped;
    std::unique_lock lock(mutex_);
    dropped.swap(queue_);
    head_ = bytes_ = 0;
    share_.resize(0);
    poked_ = false;
    closed_ = true;
    wake(std::move(lock));
}

MCP_DECL bool mailbox::closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
}

MCP_DECL bool mailbox::empty() const {
    std::lock_guard lock(mutex_);
    return head_ == queue_.size();
}

MCP_DECL std::size_t mailbox::bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
}

MCP_DECL bool mailbox::try_pop(std::string& out) {
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

MCP_DECL asio::awaitable<bool> mailbox::wait() {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::error_code, bool)>(
        initiate{this}, asio::use_awaitable);
}

MCP_DECL void mailbox::wake(std::unique_lock<std::mutex> lock) {
    if (!waiter_) {
        return;
    }
    const bool more = something();
    poked_ = false;
    auto waiter = std::move(waiter_);
    lock.unlock();
    waiter.resume({}, more);
}

MCP_DECL void mailbox::cancel_wait() {
    std::unique_lock lock(mutex_);
    if (!waiter_) {
        return;
    }
    auto waiter = std::move(waiter_);
    lock.unlock();
    waiter.resume(asio::error::operation_aborted, false);
}

} // namespace mcp
