#pragma once

#include <mcp/limit/rate.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp::detail {

/// A bounded table of the state of each key. Movable, thread-safe.
template <class State>
class keyed {
public:
    explicit keyed(limiter_options options)
        : shared_(std::make_unique<shared>(std::move(options))) {}

    /// Calls `f(state, milliseconds since the table was made)` for the key, under the lock.
    template <class F>
    auto with(std::string_view key, F f) const {
        std::lock_guard lock(shared_->mutex);
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            shared_->options.now() - shared_->start);
        return f(state_of(std::string(key)), now);
    }

    std::size_t size() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->table.size();
    }

private:
    using order = std::list<std::pair<std::string, State>>;
    struct shared {
        explicit shared(limiter_options o) : options(std::move(o)), start(options.now()) {}
        const limiter_options options;
        const std::chrono::steady_clock::time_point start;
        std::mutex mutex;
        order used; ///< the most recent first
        std::unordered_map<std::string, typename order::iterator> table;
    };

    State& state_of(const std::string& key) const {
        auto& [options, start, mutex, used, table] = *shared_;
        if (const auto at = table.find(key); at != table.end()) {
            used.splice(used.begin(), used, at->second);
            return at->second->second;
        }
        if (table.size() >= options.keys && !used.empty()) {
            table.erase(used.back().first);
            used.pop_back();
        }
        used.emplace_front(key, State());
        table.emplace(key, used.begin());
        return used.front().second;
    }

    std::unique_ptr<shared> shared_;
};

} // namespace mcp::detail
