// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/session/session_store.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace mcp {

/// Limits for the age and number of sessions.
struct session_limits {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    /// How often expired sessions are removed. Only `create` does so: there is no timer.
    std::chrono::seconds sweep = std::chrono::minutes(5);
    /// The maximum number of sessions. A full store first removes expired sessions, at most once a
    /// second, and then refuses a new session (503).
    std::size_t capacity = 100'000;
    /// The approximate maximum memory of all records. Beyond it, a new session is refused as by a
    /// full store, and a change that enlarges a record throws `unavailable` (503).
    std::size_t bytes = 128 * 1024 * 1024;
    /// The clock, replaceable in tests.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

/// The embedded `session_store`: records live in this process and end with it.
class memory_sessions {
public:
    explicit memory_sessions(session_limits limits = {});
    memory_sessions(memory_sessions&&) noexcept;
    memory_sessions& operator=(memory_sessions&&) noexcept;
    ~memory_sessions();

    bool create(const session_record& record);
    session_ptr find(std::string_view id);
    bool update(const session_record& record);
    bool replace(const session_record& before, const session_record& after);
    bool erase(std::string_view id);

    std::chrono::seconds idle_limit() const noexcept;

    /// Returns the number of sessions, including expired sessions that are not yet swept.
    std::size_t size() const noexcept;

    /// Returns the memory of all records, as `session_limits::bytes` counts it.
    std::size_t bytes() const noexcept;

private:
    /// Allocated separately, so that a store can be moved into a server.
    struct shared;

    std::unique_ptr<shared> shared_;
};

static_assert(session_store<memory_sessions>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/memory_sessions.ipp>
#endif
