// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/mailbox.hpp>
#include <mcp/server/call_gate.hpp>

#include <algorithm>
#include <utility>

namespace mcp::detail {

struct call_gate::waiter {
    mailbox turn; ///< closed when the call may run
    bool runs = false;
};

MCP_DECL call_permit call_gate::ask() {
    std::lock_guard lock(mutex_);
    if (running_ < calls_) {
        ++running_;
        return {shared_from_this(), nullptr};
    }
    if (waiting_.size() >= most_waiting_)
        return {};
    waiting_.push_back(std::make_shared<waiter>());
    return {shared_from_this(), waiting_.back()};
}

MCP_DECL void call_gate::leave() {
    std::shared_ptr<waiter> next;
    {
        std::lock_guard lock(mutex_);
        if (waiting_.empty()) {
            --running_;
            return;
        }
        next = std::move(waiting_.front());
        waiting_.pop_front();
        next->runs = true;
    }
    next->turn.close();
}

MCP_DECL void call_gate::forget(const waiter* gone) {
    {
        std::lock_guard lock(mutex_);
        if (!gone->runs) {
            std::erase_if(waiting_, [gone](const auto& each) { return each.get() == gone; });
            return;
        }
    }
    leave();
}

MCP_DECL call_permit::call_permit(std::shared_ptr<call_gate> of,
                                  std::shared_ptr<call_gate::waiter> as) noexcept
    : of_(std::move(of))
    , as_(std::move(as)) {}

MCP_DECL call_permit& call_permit::operator=(call_permit&& other) noexcept {
    give_back();
    of_ = std::move(other.of_);
    as_ = std::move(other.as_);
    return *this;
}

MCP_DECL asio::awaitable<void> call_permit::granted() {
    if (as_)
        co_await as_->turn.wait();
}

MCP_DECL void call_permit::give_back() {
    const auto of = std::exchange(of_, nullptr);
    const auto as = std::exchange(as_, nullptr);
    if (!of)
        return;
    if (as)
        of->forget(as.get());
    else
        of->leave();
}

} // namespace mcp::detail
