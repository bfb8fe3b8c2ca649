// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/state/parked_state.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL parked_state::parked_state(parked_state_options options) : options_(std::move(options)) {
    options_.ttl = detail::within_clocks(options_.ttl);
}

MCP_DECL std::string parked_state::seal(const state_binding& binding, std::string payload) {
    std::string handle = random_token(24);
    const auto now = options_.now();
    parked entry{handle, binding.owner, binding.request, std::move(payload), now + options_.ttl};
    const std::size_t bytes = entry.bytes();
    std::lock_guard lock(*mutex_);
    while (!oldest_first_.empty() &&
           (oldest_first_.front().expires <= now || oldest_first_.size() >= options_.capacity ||
            bytes_ + bytes > options_.capacity_bytes))
        remove_oldest();
    bytes_ += bytes;
    oldest_first_.push_back(std::move(entry));
    const auto newest = std::prev(oldest_first_.end());
    index_.emplace(newest->handle, newest);
    return handle;
}

MCP_DECL std::optional<std::string> parked_state::open(const state_binding& binding,
                                                       std::string_view handle) {
    std::lock_guard lock(*mutex_);
    const auto found = index_.find(handle);
    if (found == index_.end())
        return std::nullopt;
    const auto entry = found->second;
    if (entry->owner != binding.owner || entry->request != binding.request)
        return std::nullopt; // stays for its owner
    bytes_ -= entry->bytes();
    std::optional<std::string> payload;
    if (entry->expires > options_.now())
        payload = std::move(entry->payload);
    index_.erase(found);
    oldest_first_.erase(entry);
    return payload;
}

MCP_DECL std::size_t parked_state::size() const {
    std::lock_guard lock(*mutex_);
    return oldest_first_.size();
}

MCP_DECL void parked_state::remove_oldest() {
    bytes_ -= oldest_first_.front().bytes();
    index_.erase(oldest_first_.front().handle);
    oldest_first_.pop_front();
}

} // namespace mcp
