// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/replay/replay_log.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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
    explicit memory_log(memory_log_options options = {});
    memory_log(memory_log&&) noexcept;
    memory_log& operator=(memory_log&&) noexcept;
    ~memory_log();

    std::uint64_t append(std::string_view session, std::uint64_t stream, std::string message);

    /// Returns the events after `sequence`. If the log does not know that place, for example
    /// because all events of the stream are gone, `whole` is false.
    replayed after(std::string_view session, std::uint64_t stream, std::uint64_t sequence) const;

    void forget(std::string_view session);

    /// Returns the bytes of all sessions, as `total_bytes` counts them.
    std::size_t bytes() const;

private:
    /// Allocated separately, so that a log can be moved into a server.
    struct shared;

    std::unique_ptr<shared> shared_;
};

static_assert(replay_log<memory_log>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/replay/impl/memory_log.ipp>
#endif
