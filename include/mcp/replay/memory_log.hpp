#pragma once

#include <mcp/replay/replay_log.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// Limits of a `memory_log`.
struct memory_log_options {
    std::size_t events = 1024;     ///< kept for each session, all its streams together
    std::size_t sessions = 10'000; ///< that have a log; beyond, the one unused for longest goes
};

/// The embedded `replay_log`: events live in this process. Thread-safe.
class memory_log {
public:
    explicit memory_log(memory_log_options options = {})
        : shared_(std::make_unique<shared>(options)) {}

    std::uint64_t append(std::string_view session, std::uint64_t stream, std::string message) {
        std::lock_guard lock(shared_->mutex);
        journal& of = journal_of(session);
        const std::uint64_t sequence = ++of.last[stream];
        if (of.events.size() >= shared_->options.events && !of.events.empty())
            of.events.pop_front();
        of.events.push_back({stream, {sequence, std::move(message)}});
        return sequence;
    }

    replayed after(std::string_view session, std::uint64_t stream, std::uint64_t sequence) const {
        replayed found;
        found.last = 0;
        std::lock_guard lock(shared_->mutex);
        const auto at = shared_->journals.find(std::string(session));
        if (at == shared_->journals.end())
            return found;
        const auto last = at->second.last.find(stream);
        if (last == at->second.last.end())
            return found;
        found.last = last->second;
        std::uint64_t next = sequence + 1;
        for (const auto& [of, event] : at->second.events) {
            if (of != stream || event.sequence <= sequence)
                continue;
            found.whole = found.whole && event.sequence == next;
            next = event.sequence + 1;
            found.events.push_back(event);
        }
        found.whole = found.whole && next > last->second;
        return found;
    }

    void forget(std::string_view session) {
        std::lock_guard lock(shared_->mutex);
        shared_->journals.erase(std::string(session));
    }

private:
    struct journal {
        std::deque<std::pair<std::uint64_t, replay_event>> events;
        std::map<std::uint64_t, std::uint64_t> last; ///< sequence by stream
        std::uint64_t used = 0;
    };
    /// Kept apart so that a log can be moved into the server that it is given to.
    struct shared {
        explicit shared(memory_log_options o) : options(o) {}
        const memory_log_options options;
        mutable std::mutex mutex;
        std::unordered_map<std::string, journal> journals;
        std::uint64_t uses = 0;
    };

    journal& journal_of(std::string_view session) {
        auto& journals = shared_->journals;
        auto at = journals.find(std::string(session));
        if (at == journals.end()) {
            if (journals.size() >= shared_->options.sessions && !journals.empty())
                journals.erase(std::min_element(
                    journals.begin(), journals.end(),
                    [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
            at = journals.try_emplace(std::string(session)).first;
        }
        at->second.used = ++shared_->uses;
        return at->second;
    }

    std::unique_ptr<shared> shared_;
};

static_assert(replay_log<memory_log>);

} // namespace mcp
