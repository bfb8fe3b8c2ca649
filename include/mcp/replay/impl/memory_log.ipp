// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/replay/memory_log.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mcp {

struct memory_log::shared {
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

    explicit shared(memory_log_options o) : options(std::move(o)) {}

    static std::size_t cost(const std::string& message) { return sizeof(entry) + message.size(); }

    /// Drops events to make room for an event of that cost; false if the event must not be kept.
    bool make_room(journal& of, std::size_t wanted) {
        if (wanted > options.bytes || wanted > options.total_bytes)
            return false;
        while (!of.events.empty() &&
               (of.events.size() >= options.events || of.bytes + wanted > options.bytes))
            drop_first(of);
        while (bytes + wanted > options.total_bytes && used.size() > 1)
            forget_oldest(); // `of` is the most recent
        while (bytes + wanted > options.total_bytes)
            drop_first(of);
        return true;
    }

    void drop_first(journal& of) {
        const std::size_t less = cost(of.events.front().event.message);
        of.events.pop_front();
        of.bytes -= less;
        bytes -= less;
    }

    /// Returns the journal of a session and makes it the most recent. Drops journals that are too
    /// old or too many.
    journal& journal_of(std::string_view session, time now) {
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

    void forget_oldest() { erase(table.find(used.back().first)); }

    void erase(std::unordered_map<std::string, order::iterator>::iterator at) {
        bytes -= at->second->second.bytes;
        used.erase(at->second);
        table.erase(at);
    }

    void drop_old(journal& of, time now) {
        while (!of.events.empty() && too_old(of.events.front().appended, now))
            drop_first(of);
    }

    /// Compares in seconds: `seconds::max()`, for no limit, would overflow the clock.
    bool too_old(time since, time now) const {
        return std::chrono::floor<std::chrono::seconds>(now - since) >= options.keep;
    }

    /// Forgets streams without events. `append` calls it rarely enough that the cost is amortized.
    static void forget_streams(journal& of) {
        std::set<std::uint64_t> present{0};
        for (const entry& each : of.events)
            present.insert(each.stream);
        std::erase_if(of.last, [&](const auto& each) { return !present.contains(each.first); });
    }

    const memory_log_options options;
    std::mutex mutex;
    order used; ///< the most recent first
    std::unordered_map<std::string, order::iterator> table;
    std::size_t bytes = 0; ///< of all sessions
};

MCP_DECL memory_log::memory_log(memory_log_options options)
    : shared_(std::make_unique<shared>(std::move(options))) {}
MCP_DECL memory_log::memory_log(memory_log&&) noexcept = default;
MCP_DECL memory_log& memory_log::operator=(memory_log&&) noexcept = default;
MCP_DECL memory_log::~memory_log() = default;

MCP_DECL std::uint64_t memory_log::append(std::string_view session, std::uint64_t stream,
                                          std::string message) {
    std::lock_guard lock(shared_->mutex);
    const auto now = shared_->options.now();
    shared::journal& of = shared_->journal_of(session, now);
    const std::uint64_t sequence = ++of.last[stream];
    const std::size_t cost = shared::cost(message);
    if (shared_->make_room(of, cost)) {
        of.bytes += cost;
        shared_->bytes += cost;
        of.events.push_back({stream, now, {sequence, std::move(message)}});
    }
    if (of.last.size() / 2 > shared_->options.events)
        shared::forget_streams(of);
    return sequence;
}

MCP_DECL replayed memory_log::after(std::string_view session, std::uint64_t stream,
                                    std::uint64_t sequence) const {
    replayed found;
    found.last = 0;
    std::uint64_t next = sequence + 1;
    std::lock_guard lock(shared_->mutex);
    if (const auto at = shared_->table.find(std::string(session)); at != shared_->table.end()) {
        shared::journal& of = at->second->second;
        shared_->drop_old(of, shared_->options.now());
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

MCP_DECL void memory_log::forget(std::string_view session) {
    std::lock_guard lock(shared_->mutex);
    if (const auto at = shared_->table.find(std::string(session)); at != shared_->table.end())
        shared_->erase(at);
}

MCP_DECL std::size_t memory_log::bytes() const {
    std::lock_guard lock(shared_->mutex);
    return shared_->bytes;
}

} // namespace mcp
