#pragma once

#include <mcp/session/session_store.hpp>

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

/// Limits for the age and number of sessions.
struct session_limits {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    /// How often expired sessions are removed. Only `create` does so: there is no timer.
    std::chrono::seconds sweep = std::chrono::minutes(5);
    /// The maximum number of sessions. A full store first removes expired sessions, at most once a
    /// second, and then refuses a new session (503).
    std::size_t capacity = 100'000;
    /// The approximate maximum memory of all records. Beyond it, a new session is refused as by a
    /// full store, and a change that enlarges a record throws `unavailable` (503).
    std::size_t bytes = 128 * 1024 * 1024;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `session_store`: records live in this process and end with it.
class memory_sessions {
public:
    explicit memory_sessions(session_limits limits = {})
        : shared_(std::make_unique<shared>(std::move(limits))) {}

    bool create(const session_record& record) {
        const auto now = shared_->limits.now();
        sweep(now, shared_->limits.sweep);
        const std::size_t cost = memory_of(record);
        if (!reserve(cost)) {
            sweep(now, std::chrono::seconds(1)); // bounds the cost of many refusals
            if (!reserve(cost))
                return false;
        }
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const bool made = home.sessions
                              .try_emplace(record.id, kept{std::make_shared<session_record>(record),
                                                           now, now, cost})
                              .second;
        if (!made)
            give_back(1, cost);
        return made;
    }

    session_ptr find(std::string_view id) {
        const auto now = shared_->limits.now();
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end() || expired(found->second, now))
            return nullptr;
        found->second.seen = now;
        return found->second.record;
    }

    bool update(const session_record& record) {
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(record.id);
        if (found == home.sessions.end())
            return false;
        put(found->second, record);
        return true;
    }

    bool replace(const session_record& before, const session_record& after) {
        const std::string expected = to_text(before);
        shard& home = shard_of(after.id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(after.id);
        if (found == home.sessions.end() || to_text(*found->second.record) != expected)
            return false;
        put(found->second, after);
        return true;
    }

    bool erase(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end())
            return false;
        give_back(1, found->second.cost);
        home.sessions.erase(found);
        return true;
    }

    std::chrono::seconds idle_limit() const noexcept { return shared_->limits.idle; }

    /// Returns the number of sessions, including expired sessions that are not yet swept.
    std::size_t size() const noexcept { return shared_->count.load(std::memory_order_relaxed); }

    /// Returns the memory of all records, as `session_limits::bytes` counts it.
    std::size_t bytes() const noexcept { return shared_->bytes.load(std::memory_order_relaxed); }

private:
    using time_point = std::chrono::steady_clock::time_point;

    struct kept {
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
        std::unordered_map<std::string, kept, text_hash, std::equal_to<>> sessions;
    };
    /// Allocated separately, so that a store can be moved into a server.
    struct shared {
        explicit shared(session_limits l) : limits(detail::within_clocks(std::move(l))) {}
        const session_limits limits;
        std::array<shard, 16> shards;
        std::atomic<std::size_t> count{0};
        std::atomic<std::size_t> bytes{0};
        std::mutex sweep_mutex;
        time_point swept{};
    };

    shard& shard_of(std::string_view id) {
        return shared_->shards[std::hash<std::string_view>{}(id) % shared_->shards.size()];
    }

    bool expired(const kept& each, time_point now) const {
        return now - each.seen > shared_->limits.idle || now - each.created > shared_->limits.age;
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
        if (!add(shared_->count, 1, shared_->limits.capacity))
            return false;
        if (add(shared_->bytes, cost, shared_->limits.bytes))
            return true;
        give_back(1, 0);
        return false;
    }

    void give_back(std::size_t records, std::size_t bytes) {
        shared_->count.fetch_sub(records, std::memory_order_relaxed);
        shared_->bytes.fetch_sub(bytes, std::memory_order_relaxed);
    }

    /// Replaces a record. Call under the lock of the shard.
    void put(kept& at, const session_record& record) {
        const std::size_t cost = memory_of(record);
        if (cost > at.cost && !add(shared_->bytes, cost - at.cost, shared_->limits.bytes))
            throw unavailable("the sessions have reached their memory limit");
        if (cost < at.cost)
            give_back(0, at.cost - cost);
        at.cost = cost;
        at.record = std::make_shared<session_record>(record);
    }

    /// Removes expired sessions, unless the last sweep was less than `pause` ago.
    void sweep(time_point now, std::chrono::seconds pause) {
        {
            std::lock_guard lock(shared_->sweep_mutex);
            if (now - shared_->swept < pause)
                return;
            shared_->swept = now;
        }
        for (shard& each : shared_->shards) {
            std::lock_guard lock(each.mutex);
            std::size_t bytes = 0;
            const std::size_t removed = std::erase_if(each.sessions, [&](const auto& entry) {
                const bool old = expired(entry.second, now);
                bytes += old ? entry.second.cost : 0;
                return old;
            });
            give_back(removed, bytes);
        }
    }

    std::unique_ptr<shared> shared_;
};

static_assert(session_store<memory_sessions>);

} // namespace mcp
