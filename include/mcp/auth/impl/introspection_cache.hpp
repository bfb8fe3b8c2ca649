// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/auth/introspection.hpp>: cached results, and the lookups under way.

#include <mcp/async/mailbox.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/encoding/sha256.hpp>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Caches results for a limited time, by the digest of the token. For one thread at a time.
class introspection_cache {
public:
    using time_point = std::chrono::system_clock::time_point;

    const auth_result* find(const sha256_digest& token, time_point now) const {
        const auto found = by_token_.find(token);
        return found != by_token_.end() && now < found->second->until ? &found->second->result
                                                                      : nullptr;
    }

    /// Adds a result; the oldest entries make room for it.
    void put(const sha256_digest& token, auth_result result, time_point until, std::size_t most) {
        if (const auto known = by_token_.find(token); known != by_token_.end())
            erase(known->second);
        if (most == 0)
            return;
        while (entries_.size() >= most)
            erase(entries_.begin());
        entries_.push_back({token, std::move(result), until});
        by_token_.emplace(token, std::prev(entries_.end()));
    }

private:
    struct entry {
        sha256_digest token;
        auth_result result;
        time_point until;
    };

    void erase(std::list<entry>::iterator old) {
        by_token_.erase(old->token);
        entries_.erase(old);
    }

    std::list<entry> entries_; // the oldest first
    std::map<sha256_digest, std::list<entry>::iterator> by_token_;
};

/// A lookup under way, and the requests that wait for its result on their own event loops.
struct introspection_lookup {
    std::optional<auth_result> result;
    std::vector<std::shared_ptr<mailbox>> waiting;
};

/// Shares lookups between all event loops: at most one at a time for each token.
class introspection_lookups {
public:
    using time_point = introspection_cache::time_point;

    /// The next action for a token: use `result`, wait until `ended` is closed for the result of
    /// `lookup`, or look the token up and then call `end`.
    struct next_action {
        std::optional<auth_result> result;
        std::shared_ptr<introspection_lookup> lookup;
        std::shared_ptr<mailbox> ended; ///< closed at the end of `lookup`
    };

    next_action begin(const sha256_digest& token, time_point now) {
        const std::lock_guard lock(mutex_);
        next_action out;
        for (const introspection_cache* each : {&good_, &bad_})
            if (const auth_result* known = each->find(token, now)) {
                out.result = *known;
                return out;
            }
        auto& lookup = lookups_[token];
        if (lookup == nullptr) {
            lookup = std::make_shared<introspection_lookup>();
        } else {
            out.ended = std::make_shared<mailbox>();
            lookup->waiting.push_back(out.ended);
        }
        out.lookup = lookup;
        return out;
    }

    /// Ends a lookup with a result, or without one if it was cancelled. In that case one of the
    /// waiting requests starts a new one.
    void end(const sha256_digest& token, std::optional<auth_result> result) {
        std::shared_ptr<introspection_lookup> lookup;
        {
            const std::lock_guard lock(mutex_);
            auto node = lookups_.extract(token);
            lookup = std::move(node.mapped());
            lookup->result = std::move(result);
        }
        for (const auto& each : lookup->waiting)
            each->close();
    }

    /// Returns the result of a completed lookup.
    std::optional<auth_result> result_of(const introspection_lookup& lookup) const {
        const std::lock_guard lock(mutex_);
        return lookup.result;
    }

    void keep(const sha256_digest& token, const auth_result& result, time_point until,
              std::size_t most) {
        const std::lock_guard lock(mutex_);
        // Separate caches, so that invented tokens do not evict good ones.
        (result ? good_ : bad_).put(token, result, until, most);
    }

private:
    mutable std::mutex mutex_;
    introspection_cache good_;
    introspection_cache bad_;
    std::map<sha256_digest, std::shared_ptr<introspection_lookup>> lookups_;
};

} // namespace mcp::detail
