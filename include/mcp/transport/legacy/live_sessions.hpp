#pragma once

#include <mcp/server/legacy/session.hpp>
#include <mcp/session/session_record.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mcp::legacy {

/// The live sessions of this process, by id. A session is made from its record when a request
/// comes, and dropped when it has not been used for a while. Thread-safe.
class live_sessions {
public:
    /// `request_prefix` begins the ids of requests to clients.
    explicit live_sessions(std::string request_prefix)
        : request_prefix_(std::move(request_prefix)) {}

    /// Returns the session of a record, updated from it.
    std::shared_ptr<session> obtain(const session_record& record) {
        std::shared_ptr<session> found;
        {
            shard& home = shard_of(record.id);
            std::lock_guard lock(home.mutex);
            const auto now = std::chrono::steady_clock::now();
            const auto at = home.sessions.find(record.id);
            if (at != home.sessions.end()) {
                at->second.seen = now;
                found = at->second.live;
            } else {
                found = std::make_shared<session>(
                    record.id, handshake{record.revision, record.client, record.capabilities},
                    request_prefix_);
                sweep(home, now);
                home.sessions.emplace(record.id, entry{found, now});
            }
        }
        found->refresh(record.threshold, record.version);
        return found;
    }

    /// Returns the session if it is live in this process, or null.
    std::shared_ptr<session> find(std::string_view id) {
        shard& home = shard_of(id);
        std::lock_guard lock(home.mutex);
        const auto at = home.sessions.find(id);
        return at == home.sessions.end() ? nullptr : at->second.live;
    }

    /// Drops the session and cancels its requests.
    void end(std::string_view id) {
        std::shared_ptr<session> gone;
        {
            shard& home = shard_of(id);
            std::lock_guard lock(home.mutex);
            const auto at = home.sessions.find(id);
            if (at == home.sessions.end())
                return;
            gone = std::move(at->second.live);
            home.sessions.erase(at);
        }
        gone->cancel_all();
        gone->hang_up();
    }

    std::size_t size() const {
        std::size_t all = 0;
        for (const shard& each : shards_) {
            std::lock_guard lock(each.mutex);
            all += each.sessions.size();
        }
        return all;
    }

private:
    struct entry {
        std::shared_ptr<session> live;
        std::chrono::steady_clock::time_point seen;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<std::string, entry, text_hash, std::equal_to<>> sessions;
        std::chrono::steady_clock::time_point swept{};
    };

    shard& shard_of(std::string_view id) {
        return shards_[std::hash<std::string_view>{}(id) % shards_.size()];
    }

    /// Drops unreferenced sessions that were not used for ten minutes; they can be made again.
    static void sweep(shard& home, std::chrono::steady_clock::time_point now) {
        if (now - home.swept < std::chrono::minutes(1))
            return;
        home.swept = now;
        std::erase_if(home.sessions, [now](const auto& each) {
            return now - each.second.seen > std::chrono::minutes(10) &&
                   each.second.live.use_count() == 1;
        });
    }

    const std::string request_prefix_;
    std::array<shard, 16> shards_;
};

} // namespace mcp::legacy
