#pragma once

// Part of <mcp/auth/introspection.hpp>: what is known of tokens, and who asks about which.

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

/// Answers that hold for a while, by the digest of the token. For one thread at a time.
class answer_cache {
public:
    using time_point = std::chrono::system_clock::time_point;

    const auth_result* find(const sha256_digest& token, time_point now) const {
        const auto found = by_token_.find(token);
        return found != by_token_.end() && now < found->second->until ? &found->second->answer
                                                                      : nullptr;
    }

    /// The oldest make room for it.
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

/// A question that is under way, and those who wait for its answer on their own event loops.
struct introspection_flight {
    std::optional<auth_result> answer;
    std::vector<std::shared_ptr<mailbox>> waiting;
};

/// The questions of all event loops: one at a time for a token.
class introspection_desk {
public:
    using time_point = answer_cache::time_point;

    /// What to do about a token: take the answer, wait in the `box` for that of the `flight`, or
    /// find it out oneself, and then `land`.
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

    /// Ends a flight: with an answer, or without one if whoever asked was cancelled; then one of
    /// those who wait asks again.
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

    /// The answer of a flight that has landed.
    std::optional<auth_result> answer_of(const introspection_flight& flight) const {
        const std::lock_guard lock(mutex_);
        return flight.answer;
    }

    void keep(const sha256_digest& token, const auth_result& answer, time_point until,
              std::size_t most) {
        const std::lock_guard lock(mutex_);
        // Apart, so that made-up tokens do not drive out what is known of good ones.
        (answer ? good_ : bad_).put(token, answer, until, most);
    }

private:
    mutable std::mutex mutex_;
    answer_cache good_;
    answer_cache bad_;
    std::map<sha256_digest, std::shared_ptr<introspection_flight>> flights_;
};

} // namespace mcp::detail
