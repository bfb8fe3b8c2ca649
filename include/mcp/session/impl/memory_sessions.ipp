// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/session/memory_sessions.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

struct memory_sessions::shared {
    using time_point = std::chrono::steady_clock::time_point;

    struct entry {
        session_ptr record;
        time_point created;
        time_point seen;
        std::size_t cost = 0;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        std::mutex mutex;
        std::unordered_map<std::string, entry, text_hash, std::equal_to<>> sessions;
    };

    explicit shared(session_limits limits_) : limits(within_clocks(std::move(limits_))) {}

    static session_limits within_clocks(session_limits limits) {
        limits.idle = detail::within_clocks(limits.idle);
        limits.age = detail::within_clocks(limits.age);
        limits.sweep = detail::within_clocks(limits.sweep);
        return limits;
    }

    shard& shard_of(std::string_view id) {
        return shards[std::hash<std::string_view>{}(id) % shards.size()];
    }

    bool expired(const entry& each, time_point now) const {
        return now - each.seen > limits.idle || now - each.created > limits.age;
    }

    /// Adds `n` and returns true, unless the sum would exceed `most`.
    static bool add(std::atomic<std::size_t>& to, std::size_t n, std::size_t most) {
        std::size_t now = to.load(std::memory_order_relaxed);
        do {
            if (n > most || now > most - n)
                return false;
        } while (!to.compare_exchange_weak(now, now + n, std::memory_order_relaxed));
        return true;
    }

    /// Reserves room for a record before it is made, because calls are concurrent.
    bool reserve(std::size_t cost) {
        if (!add(count, 1, limits.capacity))
            return false;
        if (add(bytes, cost, limits.bytes))
            return true;
        give_back(1, 0);
        return false;
    }

    void give_back(std::size_t records, std::size_t cost) {
        count.fetch_sub(records, std::memory_order_relaxed);
        bytes.fetch_sub(cost, std::memory_order_relaxed);
    }

    /// Replaces a record. Call under the lock of the shard.
    void put(entry& at, const session_record& record) {
        const std::size_t cost = detail::memory_of(record);
        if (cost > at.cost && !add(bytes, cost - at.cost, limits.bytes))
            throw unavailable("the sessions have reached their memory limit");
        if (cost < at.cost)
            give_back(0, at.cost - cost);
        at.cost = cost;
        at.record = std::make_shared<session_record>(record);
    }

    /// Removes expired sessions, unless the last sweep was less than `pause` ago.
    void sweep(time_point now, std::chrono::seconds pause) {
        {
            std::lock_guard lock(sweep_mutex);
            if (now - swept < pause)
                return;
            swept = now;
        }
        for (shard& each : shards) {
            std::lock_guard lock(each.mutex);
            std::size_t freed = 0;
            const std::size_t removed = std::erase_if(each.sessions, [&](const auto& item) {
                const bool old = expired(item.second, now);
                freed += old ? item.second.cost : 0;
                return old;
            });
            give_back(removed, freed);
        }
    }

    const session_limits limits;
    std::array<shard, 16> shards;
    std::atomic<std::size_t> count{0};
    std::atomic<std::size_t> bytes{0};
    std::mutex sweep_mutex;
    time_point swept{};
};

MCP_DECL memory_sessions::memory_sessions(session_limits limits)
    : shared_(std::make_unique<shared>(std::move(limits))) {}
MCP_DECL memory_sessions::memory_sessions(memory_sessions&&) noexcept = default;
MCP_DECL memory_sessions& memory_sessions::operator=(memory_sessions&&) noexcept = default;
MCP_DECL memory_sessions::~memory_sessions() = default;

MCP_DECL bool memory_sessions::create(const session_record& record) {
    const auto now = shared_->limits.now();
    shared_->sweep(now, shared_->limits.sweep);
    const std::size_t cost = detail::memory_of(record);
    if (!shared_->reserve(cost)) {
        shared_->sweep(now, std::chrono::seconds(1)); // bounds the cost of many refusals
        if (!shared_->reserve(cost))
            return false;
    }
    auto& shard = shared_->shard_of(record.id);
    shared::entry fresh{std::make_shared<session_record>(record), now, now, cost};
    std::lock_guard lock(shard.mutex);
    const bool added = shard.sessions.try_emplace(record.id, std::move(fresh)).second;
    if (!added)
        shared_->give_back(1, cost);
    return added;
}

MCP_DECL session_ptr memory_sessions::find(std::string_view id) {
    const auto now = shared_->limits.now();
    auto& shard = shared_->shard_of(id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.sessions.find(id);
    if (found == shard.sessions.end() || shared_->expired(found->second, now))
        return nullptr;
    found->second.seen = now;
    return found->second.record;
}

MCP_DECL bool memory_sessions::update(const session_record& record) {
    auto& shard = shared_->shard_of(record.id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.sessions.find(record.id);
    if (found == shard.sessions.end())
        return false;
    shared_->put(found->second, record);
    return true;
}

MCP_DECL bool memory_sessions::replace(const session_record& before, const session_record& after) {
    const std::string expected = to_text(before);
    auto& shard = shared_->shard_of(after.id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.sessions.find(after.id);
    if (found == shard.sessions.end() || to_text(*found->second.record) != expected)
        return false;
    shared_->put(found->second, after);
    return true;
}

MCP_DECL bool memory_sessions::erase(std::string_view id) {
    auto& shard = shared_->shard_of(id);
    std::lock_guard lock(shard.mutex);
    const auto found = shard.sessions.find(id);
    if (found == shard.sessions.end())
        return false;
    shared_->give_back(1, found->second.cost);
    shard.sessions.erase(found);
    return true;
}

MCP_DECL std::chrono::seconds memory_sessions::idle_limit() const noexcept {
    return shared_->limits.idle;
}

MCP_DECL std::size_t memory_sessions::size() const noexcept {
    return shared_->count.load(std::memory_order_relaxed);
}

MCP_DECL std::size_t memory_sessions::bytes() const noexcept {
    return shared_->bytes.load(std::memory_order_relaxed);
}

} // namespace mcp
