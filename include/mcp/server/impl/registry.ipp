// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/registry.hpp>

#include <algorithm>
#include <utility>

namespace mcp {

MCP_DECL catalog_pin::catalog_pin(const registry& of, list_format format)
    : registry_(of)
    , held_(of.take(format)) {}

MCP_DECL catalog_pin::~catalog_pin() {
    registry_.give_back(std::move(held_));
}

MCP_DECL auto registry::take(list_format format) const -> std::unique_ptr<const reference> {
    format.page_size = std::max<std::size_t>(format.page_size, 1);
    std::unique_ptr<const reference> held(own_slot().held.exchange(nullptr));
    if (!held || held->get() != newest_.load() || (*held)->format() != format)
        held = std::make_unique<const reference>(read(format));
    return held;
}

MCP_DECL void registry::give_back(std::unique_ptr<const reference> held) const {
    slot& own = own_slot();
    const catalog_snapshot* const used = held->get();
    held.reset(own.held.exchange(held.release()));
    // Either this thread sees a change that empties the slots, or the change sees this reference.
    if (newest_.load() != used)
        held.reset(own.held.exchange(nullptr));
}

MCP_DECL auto registry::read(list_format format) const -> reference {
    std::vector<reference> old;
    std::lock_guard lock(mutex_);
    if (!current_ || current_->format() != format) {
        old = withdraw();
        current_ = std::make_shared<catalog_snapshot>(catalog_, format);
        newest_ = current_.get();
    }
    return current_;
}

MCP_DECL auto registry::withdraw() const -> std::vector<reference> {
    std::vector<reference> all;
    newest_ = nullptr;
    if (current_)
        all.push_back(std::exchange(current_, nullptr));
    for (slot& each : slots_)
        if (each.held.load())
            if (const std::unique_ptr<const reference> held{each.held.exchange(nullptr)})
                all.push_back(*held);
    return all;
}

MCP_DECL auto registry::own_slot() const -> slot& {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
    return slots_[number % slots_.size()];
}

} // namespace mcp
