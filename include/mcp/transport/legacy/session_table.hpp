#pragma once

#include <mcp/broker/memory_broker.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/replay/memory_replay.hpp>
#include <mcp/server/legacy/session.hpp>
#include <mcp/transport/http_reply.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::legacy {

/// Limits of the sessions that an HTTP endpoint keeps.
struct session_limits {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    std::chrono::seconds sweep = std::chrono::minutes(5);  ///< how often the old ones are removed
    std::size_t capacity = 100'000;                        ///< more are refused with 503
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// A session on HTTP: the client, and the streams that reach it. Thread-safe.
class http_session {
public:
    /// `log`, if any, makes its streams resumable.
    http_session(std::string id, std::string whose, handshake with,
                 std::shared_ptr<memory_replay> log, std::optional<std::chrono::milliseconds> retry)
        : owner(std::move(whose))
        , client(std::make_shared<session>(std::move(id), std::move(with)))
        , events(std::make_shared<http_reply>(log, 0, retry))
        , log_(std::move(log))
        , retry_(retry) {
        events->detach(); // nobody listens before the GET
    }

    const std::string owner; ///< the subject that may use it; empty without authentication
    const std::shared_ptr<session> client;
    /// What the server sends by itself: the stream of the client's GET.
    const std::shared_ptr<http_reply> events;

    /// A stream for the response of one request.
    std::shared_ptr<http_reply> open_reply() {
        if (!log_)
            return std::make_shared<http_reply>();
        std::lock_guard lock(mutex_);
        while (replies_.size() >= resumable_replies)
            replies_.erase(replies_.begin()); // the oldest; it goes on, but cannot be resumed
        auto reply = std::make_shared<http_reply>(log_, ++streams_, retry_);
        replies_.emplace(streams_, reply);
        return reply;
    }

    /// The stream that an event belongs to, to go on after it; null if there is none any more.
    std::shared_ptr<http_reply> find_reply(std::uint64_t stream) const {
        if (stream == 0)
            return events;
        std::lock_guard lock(mutex_);
        const auto found = replies_.find(stream);
        return found == replies_.end() ? nullptr : found->second;
    }

    bool resumable() const noexcept { return log_ != nullptr; }

    std::chrono::steady_clock::time_point created;
    std::chrono::steady_clock::time_point seen; // under the lock of its table

private:
    static constexpr std::size_t resumable_replies = 64;

    const std::shared_ptr<memory_replay> log_;
    const std::optional<std::chrono::milliseconds> retry_;
    mutable std::mutex mutex_;
    std::uint64_t streams_ = 0;
    std::map<std::uint64_t, std::shared_ptr<http_reply>> replies_;
};

/// The sessions of an HTTP endpoint, by id: 24 random bytes in base64url. Thread-safe.
class session_table {
public:
    explicit session_table(session_limits limits) : limits_(std::move(limits)) {}

    /// A new session; null if there are as many as allowed.
    std::shared_ptr<http_session> create(std::string owner, handshake with,
                                         std::size_t replay_events,
                                         std::optional<std::chrono::milliseconds> retry) {
        const auto now = limits_.now();
        sweep(now);
        if (count_.load(std::memory_order_relaxed) >= limits_.capacity)
            return nullptr;
        auto log = replay_events ? std::make_shared<memory_replay>(replay_events) : nullptr;
        auto made = std::make_shared<http_session>(random_token(24), std::move(owner),
                                                   std::move(with), std::move(log), retry);
        made->created = made->seen = now;
        shard& home = shard_of(made->client->id());
        std::lock_guard lock(home.mutex);
        home.sessions.emplace(made->client->id(), made);
        count_.fetch_add(1, std::memory_order_relaxed);
        return made;
    }

    /// The session, marked as seen; null if it is unknown or too old.
    std::shared_ptr<http_session> find(std::string_view id) {
        const auto now = limits_.now();
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end() || expired(*found->second, now))
            return nullptr;
        found->second->seen = now;
        return found->second;
    }

    /// Removes the session; null if there was none.
    std::shared_ptr<http_session> erase(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto found = home.sessions.find(id);
        if (found == home.sessions.end())
            return nullptr;
        auto gone = std::move(found->second);
        home.sessions.erase(found);
        count_.fetch_sub(1, std::memory_order_relaxed);
        return gone;
    }

    /// Called with each session that is removed because of its age.
    void on_expiry(std::function<void(http_session&)> act) { expired_ = std::move(act); }

    std::size_t size() const noexcept { return count_.load(std::memory_order_relaxed); }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        std::mutex mutex;
        std::unordered_map<std::string, std::shared_ptr<http_session>, text_hash, std::equal_to<>>
            sessions;
    };

    shard& shard_of(std::string_view id) {
        return shards_[std::hash<std::string_view>{}(id) % shards_.size()];
    }

    bool expired(const http_session& each, std::chrono::steady_clock::time_point now) const {
        return now - each.seen > limits_.idle || now - each.created > limits_.age;
    }

    static constexpr std::chrono::seconds seldom{1};

    void sweep(std::chrono::steady_clock::time_point now) {
        {
            std::lock_guard lock(sweep_mutex_);
            const bool full = size() >= limits_.capacity; // then it pays to look more often
            if (now - swept_ < (full ? std::min(limits_.sweep, seldom) : limits_.sweep))
                return;
            swept_ = now;
        }
        std::vector<std::shared_ptr<http_session>> gone;
        for (shard& each : shards_) {
            std::lock_guard lock(each.mutex);
            for (auto at = each.sessions.begin(); at != each.sessions.end();) {
                if (!expired(*at->second, now)) {
                    ++at;
                    continue;
                }
                gone.push_back(std::move(at->second));
                at = each.sessions.erase(at);
                count_.fetch_sub(1, std::memory_order_relaxed);
            }
        }
        for (const auto& each : gone)
            if (expired_)
                expired_(*each);
    }

    const session_limits limits_;
    std::array<shard, 16> shards_;
    std::atomic<std::size_t> count_{0};
    std::mutex sweep_mutex_;
    std::chrono::steady_clock::time_point swept_{};
    std::function<void(http_session&)> expired_;
};

} // namespace mcp::legacy
