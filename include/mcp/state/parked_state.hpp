#pragma once

#include <mcp/encoding/random.hpp>
#include <mcp/state/request_state.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// Limits of `parked_state`.
struct parked_state_options {
    std::chrono::seconds ttl = std::chrono::minutes(10); ///< how long a client may take to respond
    std::size_t capacity = 10'000; ///< parked calls; a full state drops the oldest
    /// The maximum bytes of all parked calls: clients choose the size of requests and responses.
    std::size_t capacity_bytes = 64 * 1024 * 1024;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `request_state`: payloads stay in this process, and clients get a handle.
///
/// A handle is 24 random bytes, opens once, and expires. Needs no cryptography library. A server of
/// several processes uses `sealed_state` instead, because a handle is valid in one process only.
/// Thread-safe.
class parked_state {
public:
    explicit parked_state(parked_state_options options = {}) : options_(std::move(options)) {
        // `seconds::max()` would overflow the clock.
        options_.ttl = std::min<std::chrono::seconds>(options_.ttl, std::chrono::years(100));
    }

    std::string seal(const state_binding& binding, std::string payload) {
        std::string handle = random_token(24);
        const auto now = options_.now();
        parked made{handle, binding.owner, binding.request, std::move(payload), now + options_.ttl};
        const std::size_t bytes = made.bytes();
        std::lock_guard lock(mutex_);
        while (!oldest_first_.empty() &&
               (oldest_first_.front().expires <= now || oldest_first_.size() >= options_.capacity ||
                bytes_ + bytes > options_.capacity_bytes))
            remove_oldest();
        bytes_ += bytes;
        oldest_first_.push_back(std::move(made));
        const auto entry = std::prev(oldest_first_.end());
        index_.emplace(entry->handle, entry);
        return handle;
    }

    std::optional<std::string> open(const state_binding& binding, std::string_view handle) {
        std::lock_guard lock(mutex_);
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

    /// Returns the number of parked calls.
    std::size_t size() const {
        std::lock_guard lock(mutex_);
        return oldest_first_.size();
    }

private:
    struct parked {
        std::string handle;
        std::string owner;
        std::string request;
        std::string payload;
        std::chrono::steady_clock::time_point expires;

        std::size_t bytes() const noexcept {
            return handle.size() + owner.size() + request.size() + payload.size();
        }
    };

    void remove_oldest() {
        bytes_ -= oldest_first_.front().bytes();
        index_.erase(oldest_first_.front().handle);
        oldest_first_.pop_front();
    }

    parked_state_options options_;
    mutable std::mutex mutex_;
    std::size_t bytes_ = 0;
    std::list<parked> oldest_first_;
    std::unordered_map<std::string_view, std::list<parked>::iterator> index_;
};

static_assert(request_state<parked_state>);

} // namespace mcp
