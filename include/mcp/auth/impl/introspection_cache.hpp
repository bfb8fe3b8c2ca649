// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/auth/introspection.hpp>: cached results, and the lookups under way.

#include <mcp/async/mailbox.hpp>
#include <mcp/auth/auth_backend.hpp>
#include <mcp/encoding/sha256.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Caches results for a limited time, by the digest of the token. For one thread at a time.
class answer_cache {
public:
    using time_point = std::chrono::system_clock::time_point;

    const auth_result* find(const sha256_digest& token, time_point now) const {
        const auto found = by_token_.find(token);
        return found != by_token_.end() && now < found->second->until ? &found->second->answer
                                                                      : nullptr;
    }

    /// Adds a result; the oldest entries make room for it.
    void put(const sha256_digest& token, auth_result answer, time_point until, std::size_t most) {
        if (const auto known = by_token_.find(token); known != by_token_.end())
            erase(known->second);
        if (most == 0)
            return;
        while (entries_.size() >= most)
            erase(entries_.begin());
        entries_.push_back({token, std::move(answer), until});
        by_token_.emplace(token, std::prev(entries_.end()));
    }

private:
    struct entry {
        sha256_digest token;
        auth_result answer;
        time_point until;
    };

    void erase(std::list<entry>::iterator which) {
        by_token_.erase(which->token);
        entries_.erase(which);
    }

    std::list<entry> entries_; // the oldest first
    std::map<sha256_digest, std::list<entry>::iterator> by_token_;
};

/// A lookup under way, and the requests that wait for its result on their own event loops.
struct introspection_flight {
    std::optional<auth_result> answer;
    std::vector<std::shared_ptr<mailbox>> waiting;
};

/// Shares lookups between all event loops: at most one at a time for each token.
class introspection_desk {
public:
    using time_point = answer_cache::time_point;

    /// The next action for a token: use `answer`, wait in `box` for the result of `flight`, or look
    /// the token up and then call `land`.
    struct task {
        std::optional<auth_result> answer;
        std::shared_ptr<introspection_flight> flight;
        std::shared_ptr<mailbox> box;
    };

    task begin(const sha256_digest& token, time_point now) {
        const std::lock_guard lock(mutex_);
        task out;
        for (const answer_cache* each : {&good_, &bad_})
            if (const auth_result* known = each->find(token, now)) {
                out.answer = *known;
                return out;
            }
        auto& flight = flights_[token];
        if (flight == nullptr) {
            flight = std::make_shared<introspection_flight>();
        } else {
            out.box = std::make_shared<mailbox>();
            flight->waiting.push_back(out.box);
        }
        out.flight = flight;
        return out;
    }

    /// Ends a lookup with a result, or without one if it was cancelled. In that case one of the
    /// waiting requests asks again.
    void land(const sha256_digest& token, std::optional<auth_result> answer) {
        std::shared_ptr<introspection_flight> flight;
        {
            const std::lock_guard lock(mutex_);
            auto node = flights_.extract(token);
            flight = std::move(node.mapped());
            flight->answer = std::move(answer);
        }
        for (const auto& each : flight->waiting)
            each->close();
    }

    /// Returns the result of a completed lookup.
    std::optional<auth_result> answer_of(const introspection_flight& flight) const {
        const std::lock_guard lock(mutex_);
        return flight.answer;
    }

    void keep(const sha256_digest& token, const auth_result& answer, time_point until,
              std::size_t most) {
        const std::lock_guard lock(mutex_);
        // Separate caches, so that invented tokens do not evict good ones.
        (answer ? good_ : bad_).put(token, answer, until, most);
    }

private:
    mutable std::mutex mutex_;
    answer_cache good_;
    answer_cache bad_;
    std::map<sha256_digest, std::shared_ptr<introspection_flight>> flights_;
};

} // namespace mcp::detail
