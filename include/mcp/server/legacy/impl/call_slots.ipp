// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/legacy/call_slots.hpp>

#include <utility>
#include <vector>

namespace mcp::legacy {

MCP_DECL call_slot call_slots::take(const jsonrpc::id& id, std::size_t most) {
    std::function<void()> drop = nothing;
    std::uint64_t number = 0;
    {
        std::lock_guard lock(mutex_);
        if (calls_.contains(id))
            return call_slot(call_slot::state::id_taken);
        if (calls_.size() - abandoned_ >= most)
            return call_slot(call_slot::state::full);
        if (abandoned_ >= most) {
            auto oldest = calls_.end();
            for (auto at = calls_.begin(); at != calls_.end(); ++at)
                if (at->second.abandoned != 0 &&
                    (oldest == calls_.end() || at->second.abandoned < oldest->second.abandoned))
                    oldest = at;
            drop = std::move(oldest->second.cancel);
            calls_.erase(oldest);
            --abandoned_;
        }
        number = ++number_;
        calls_[id].number = number;
    }
    drop();
    return call_slot(shared_from_this(), id, number);
}

MCP_DECL bool call_slots::cancel(const jsonrpc::id& id) {
    std::function<void()> act;
    {
        std::lock_guard lock(mutex_);
        const auto found = calls_.find(id);
        if (found == calls_.end())
            return false;
        act = cancelled(found->second);
    }
    act();
    return true;
}

MCP_DECL void call_slots::cancel_all() {
    std::vector<std::function<void()>> all;
    {
        std::lock_guard lock(mutex_);
        for (auto& [id, each] : calls_)
            all.push_back(cancelled(each));
    }
    for (const auto& act : all)
        act();
}

MCP_DECL std::size_t call_slots::size() const {
    std::lock_guard lock(mutex_);
    return calls_.size();
}

MCP_DECL std::function<void()> call_slots::cancelled(call& which) {
    which.cancelled = true;
    return which.cancel;
}

MCP_DECL auto call_slots::find(const jsonrpc::id& id, std::uint64_t number) -> table::iterator {
    const auto found = calls_.find(id);
    return found != calls_.end() && found->second.number == number ? found : calls_.end();
}

MCP_DECL call_slot::call_slot(call_slot&& other) noexcept
    : of_(std::move(other.of_))
    , id_(std::move(other.id_))
    , number_(other.number_)
    , state_(std::exchange(other.state_, state::none)) {}

MCP_DECL call_slot& call_slot::operator=(call_slot&& other) noexcept {
    call_slot old(std::move(*this));
    of_ = std::move(other.of_);
    id_ = std::move(other.id_);
    number_ = other.number_;
    state_ = std::exchange(other.state_, state::none);
    return *this;
}

MCP_DECL call_slot::call_slot(std::shared_ptr<call_slots> of, jsonrpc::id id, std::uint64_t number)
    : of_(std::move(of))
    , id_(std::move(id))
    , number_(number)
    , state_(state::held) {}

MCP_DECL void call_slot::bind(std::function<void()> cancel) {
    if (!of_)
        return;
    {
        std::lock_guard lock(of_->mutex_);
        const auto found = of_->find(id_, number_);
        if (found != of_->calls_.end() && !found->second.cancelled) {
            found->second.cancel = std::move(cancel);
            return;
        }
    }
    cancel();
}

MCP_DECL void call_slot::abandon() {
    if (!of_)
        return;
    std::lock_guard lock(of_->mutex_);
    const auto found = of_->find(id_, number_);
    if (found == of_->calls_.end() || found->second.abandoned != 0)
        return;
    found->second.abandoned = ++of_->number_;
    ++of_->abandoned_;
}

MCP_DECL void call_slot::give_back() {
    if (std::exchange(state_, state::none) != state::held)
        return;
    std::function<void()> forgotten; // must not be destroyed under the lock
    std::lock_guard lock(of_->mutex_);
    const auto found = of_->find(id_, number_);
    if (found == of_->calls_.end())
        return;
    forgotten = std::move(found->second.cancel);
    of_->abandoned_ -= found->second.abandoned != 0 ? 1 : 0;
    of_->calls_.erase(found);
}

} // namespace mcp::legacy
