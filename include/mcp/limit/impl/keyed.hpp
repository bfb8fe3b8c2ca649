// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/limit/rate.hpp>

#include <chrono>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp::detail {

/// A bounded table of the state of each key. Thread-safe.
template <class State>
class keyed {
public:
    explicit keyed(limiter_options options)
        : options_(std::move(options))
        , start_(options_.now()) {}

    /// Calls `f(state, milliseconds since the table was made)` for the key, under the lock.
    template <class F>
    auto with(std::string_view key, F f) {
        std::lock_guard lock(mutex_);
        const auto now =
            std::chrono::duration_cast<std::chrono::milliseconds>(options_.now() - start_);
        return f(state_of(std::string(key)), now);
    }

private:
    using order = std::list<std::pair<std::string, State>>;

    State& state_of(const std::string& key) {
        if (const auto at = table_.find(key); at != table_.end()) {
            used_.splice(used_.begin(), used_, at->second);
            return at->second->second;
        }
        if (table_.size() >= options_.keys && !used_.empty()) {
            table_.erase(used_.back().first);
            used_.pop_back();
        }
        used_.emplace_front(key, State());
        table_.emplace(key, used_.begin());
        return used_.front().second;
    }

    const limiter_options options_;
    const std::chrono::steady_clock::time_point start_;
    std::mutex mutex_;
    order used_; ///< the most recent first
    std::unordered_map<std::string, typename order::iterator> table_;
};

} // namespace mcp::detail
