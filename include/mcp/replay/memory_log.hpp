#pragma once

#include <mcp/replay/replay_log.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

/// Limits of a `memory_log`.
struct memory_log_options {
    std::size_t events = 1024;     ///< for each session, all streams together
    std::size_t sessions = 10'000; ///< sessions with a log; the least recently used is dropped
    /// The maximum bytes of a session, including some overhead for each event; beyond it, the
    /// oldest events are dropped. A larger event is not kept.
    std::size_t bytes = 8 * 1024 * 1024;
    /// The maximum bytes of all sessions; beyond it, the log of the least recently used session is
    /// dropped.
    std::size_t total_bytes = 128 * 1024 * 1024;
    std::chrono::seconds keep = std::chrono::hours(24); ///< since the event was appended
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `replay_log`: events live in this process. Thread-safe.
///
/// When all events of a stream are dropped, its last sequence is kept until `events` other streams
/// have come. Stream 0, the session's own, keeps it as long as the session. Expired events are
/// dropped by the next call for the same session, or by the next `append`.
class memory_log {
public:
    explicit memory_log(memory_log_options options = {})
        : shared_(std::make_unique<shared>(std::move(options))) {}

    std::uint64_t append(std::string_view session, std::uint64_t stream, std::string message) {
        std::lock_guard lock(shared_->mutex);
        const auto now = shared_->options.now();
        journal& of = journal_of(session, now);
        const std::uint64_t sequence = ++of.last[stream];
        if (make_room(of, cost(message))) {
            of.bytes += cost(message);
            shared_->bytes += cost(message);
            of.events.push_back({stream, now, {sequence, std::move(message)}});
        }
        if (of.last.size() > 2 * shared_->options.events + 1)
            forget_streams(of);
        return sequence;
    }

    /// Returns the events after `sequence`. If the log does not know that place, for example
    /// because all events of the stream are gone, `whole` is false.
    replayed after(std::string_view session, std::uint64_t stream, std::uint64_t sequence) const {
        replayed found;
        found.last = 0;
        std::uint64_t next = sequence + 1;
        std::lock_guard lock(shared_->mutex);
        if (const auto at = shared_->table.find(std::string(session)); at != shared_->table.end()) {
            journal& of = at->second->second;
            drop_old(of, shared_->options.now());
            const auto last = of.last.find(stream);
            found.last = last == of.last.end() ? 0 : last->second;
            for (const auto& [number, at_time, event] : of.events) {
                if (number != stream || event.sequence <= sequence)
                    continue;
                found.whole = found.whole && event.sequence == next;
                next = event.sequence + 1;
                found.events.push_back(event);
            }
        }
        found.whole = found.whole && next == *found.last + 1;
        return found;
    }

    void forget(std::string_view session) {
        std::lock_guard lock(shared_->mutex);
        if (const auto at = shared_->table.find(std::string(session)); at != shared_->table.end())
            erase(at);
    }

    /// Returns the bytes of all sessions, as `total_bytes` counts them.
    std::size_t bytes() const {
        std::lock_guard lock(shared_->mutex);
        return shared_->bytes;
    }

private:
    using time = std::chrono::steady_clock::time_point;
    struct entry {
        std::uint64_t stream;
        time appended;
        replay_event event;
    };
    struct journal {
        std::deque<entry> events;
        std::size_t bytes = 0;                                 ///< of the events
        std::unordered_map<std::uint64_t, std::uint64_t> last; ///< sequence by stream
        time used{};
    };
    using order = std::list<std::pair<std::string, journal>>;
    /// Allocated separately, so that a log can be moved into a server.
    struct shared {
        explicit shared(memory_log_options o) : options(std::move(o)) {}
        const memory_log_options options;
        std::mutex mutex;
        order used; ///< the most recent first
        std::unordered_map<std::string, order::iterator> table;
        std::size_t bytes = 0; ///< of all sessions
    };

    static std::size_t cost(const std::string& message) { return sizeof(entry) + message.size(); }

    /// Drops events to make room for an event of that cost; false if the event must not be kept.
    bool make_room(journal& of, std::size_t wanted) {
        const memory_log_options& most = shared_->options;
        if (wanted > most.bytes || wanted > most.total_bytes)
            return false;
        while (!of.events.empty() &&
               (of.events.size() >= most.events || of.bytes + wanted > most.bytes))
            drop_first(of);
        while (shared_->bytes + wanted > most.total_bytes && shared_->used.size() > 1)
            forget_oldest(); // `of` is the most recent
        while (shared_->bytes + wanted > most.total_bytes)
            drop_first(of);
        return true;
    }

    void drop_first(journal& of) const {
        const std::size_t less = cost(of.events.front().event.message);
        of.events.pop_front();
        of.bytes -= less;
        shared_->bytes -= less;
    }

    /// Returns the journal of a session and makes it the most recent. Drops journals that are too
    /// old or too many.
    journal& journal_of(std::string_view session, time now) {
        auto& [options, mutex, used, table, bytes] = *shared_;
        const auto at = table.find(std::string(session));
        if (at != table.end()) {
            used.splice(used.begin(), used, at->second);
            drop_old(used.front().second, now);
        } else {
            if (table.size() >= options.sessions && !used.empty())
                forget_oldest();
            used.emplace_front(session, journal());
            table.emplace(session, used.begin());
        }
        used.front().second.used = now;
        while (used.size() > 1 && too_old(used.back().second.used, now))
            forget_oldest();
        return used.front().second;
    }

    void forget_oldest() { erase(shared_->table.find(shared_->used.back().first)); }

    void erase(std::unordered_map<std::string, order::iterator>::iterator at) {
        shared_->bytes -= at->second->second.bytes;
        shared_->used.erase(at->second);
        shared_->table.erase(at);
    }

    void drop_old(journal& of, time now) const {
        while (!of.events.empty() && too_old(of.events.front().appended, now))
            drop_first(of);
    }

    /// Compares in seconds: `seconds::max()`, for no limit, would overflow the clock.
    bool too_old(time since, time now) const {
        return std::chrono::floor<std::chrono::seconds>(now - since) >= shared_->options.keep;
    }

    /// Forgets streams without events. `append` calls it rarely enough that the cost is amortized.
    static void forget_streams(journal& of) {
        std::set<std::uint64_t> present{0};
        for (const entry& each : of.events)
            present.insert(each.stream);
        std::erase_if(of.last, [&](const auto& each) { return !present.contains(each.first); });
    }

    std::unique_ptr<shared> shared_;
};

static_assert(replay_log<memory_log>);

} // namespace mcp
