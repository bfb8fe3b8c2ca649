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

/// How long, and how many, sessions are kept.
struct session_limits {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    /// How often the old ones are removed, if others are created: there is no timer.
    std::chrono::seconds sweep = std::chrono::minutes(5);
    /// How many there are at most. A full store looks for old ones, once a second at most, before
    /// it refuses another (503).
    std::size_t capacity = 100'000;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `session_store`: records live in this process, and end with it.
class memory_sessions {
public:
    explicit memory_sessions(session_limits limits = {})
        : shared_(std::make_unique<shared>(std::move(limits))) {}

    bool create(const session_record& record) {
        const auto now = shared_->limits.now();
        sweep(now, shared_->limits.sweep);
        if (full())
            sweep(now, std::chrono::seconds(1)); // that is what refusing many costs at most
        if (full())
            return false;
        shard& home = shard_of(record.id);
        std::lock_guard lock(home.mutex);
        const bool made =
            home.sessions
                .try_emplace(record.id, kept{std::make_shared<session_record>(record), now, now})
                .second;
        if (made)
            shared_->count.fetch_add(1, std::memory_order_relaxed);
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
        found->second.record = std::make_shared<session_record>(record);
        return true;
    }

    bool replace(const session_record& before, const session_record& after) {
        const std::string expected = to_text(before);
        shard& home = shard_of(after.id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(after.id);
        if (found == home.sessions.end() || to_text(*found->second.record) != expected)
            return false;
        found->second.record = std::make_shared<session_record>(after);
        return true;
    }

    bool erase(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end())
            return false;
        home.sessions.erase(found);
        shared_->count.fetch_sub(1, std::memory_order_relaxed);
        return true;
    }

    /// Sessions that are kept, those among them that have expired but are not yet swept included.
    std::size_t size() const noexcept { return shared_->count.load(std::memory_order_relaxed); }

private:
    using time_point = std::chrono::steady_clock::time_point;

    struct kept {
        session_ptr record;
        time_point created;
        time_point seen;
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
    /// Kept apart so that a store can be moved into the server that it is given to.
    struct shared {
        explicit shared(session_limits l) : limits(detail::within_clocks(std::move(l))) {}
        const session_limits limits;
        std::array<shard, 16> shards;
        std::atomic<std::size_t> count{0};
        std::mutex sweep_mutex;
        time_point swept{};
    };

    shard& shard_of(std::string_view id) {
        return shared_->shards[std::hash<std::string_view>{}(id) % shared_->shards.size()];
    }

    bool expired(const kept& each, time_point now) const {
        return now - each.seen > shared_->limits.idle || now - each.created > shared_->limits.age;
    }

    bool full() const {
        return shared_->count.load(std::memory_order_relaxed) >= shared_->limits.capacity;
    }

    /// Removes what has expired, unless that was done less than `pause` ago.
    void sweep(time_point now, std::chrono::seconds pause) {
        {
            std::lock_guard lock(shared_->sweep_mutex);
            if (now - shared_->swept < pause)
                return;
            shared_->swept = now;
        }
        for (shard& each : shared_->shards) {
            std::lock_guard lock(each.mutex);
            const std::size_t removed = std::erase_if(
                each.sessions, [&](const auto& entry) { return expired(entry.second, now); });
            shared_->count.fetch_sub(removed, std::memory_order_relaxed);
        }
    }

    std::unique_ptr<shared> shared_;
};

static_assert(session_store<memory_sessions>);

} // namespace mcp
