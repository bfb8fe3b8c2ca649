#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

/// The last events of the streams of one session, so that a client that lost its connection gets
/// what it missed. In this process, bounded, thread-safe. [MCP 2025-11-25 basic/transports]
class memory_replay {
public:
    /// Keeps the last `capacity` events of all streams together.
    explicit memory_replay(std::size_t capacity = 1024) : capacity_(capacity) {}

    /// Records a message of a stream; `sequence` grows within the stream.
    void append(std::uint64_t stream, std::uint64_t sequence, std::string message) {
        std::lock_guard lock(mutex_);
        if (events_.size() >= capacity_ && !events_.empty())
            events_.pop_front();
        events_.push_back({stream, sequence, std::move(message)});
    }

    /// Calls `visit(sequence, message)` for each event of the stream after `sequence`, in order.
    /// False if an event between may be lost: the client must be told.
    template <class Visit>
    bool after(std::uint64_t stream, std::uint64_t sequence, Visit visit) const {
        std::lock_guard lock(mutex_);
        std::uint64_t next = sequence + 1;
        bool whole = true;
        for (const event& each : events_) {
            if (each.stream != stream || each.sequence <= sequence)
                continue;
            whole = whole && each.sequence == next;
            next = each.sequence + 1;
            visit(each.sequence, each.message);
        }
        return whole;
    }

private:
    struct event {
        std::uint64_t stream;
        std::uint64_t sequence;
        std::string message;
    };

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::deque<event> events_;
};

} // namespace mcp
