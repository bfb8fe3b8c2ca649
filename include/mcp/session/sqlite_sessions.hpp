// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/session/session_store.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace mcp {

/// Settings of `sqlite_sessions`.
struct sqlite_sessions_options {
    std::chrono::seconds idle = std::chrono::hours(1);     ///< since the last request
    std::chrono::seconds age = std::chrono::hours(24 * 7); ///< since `initialize`
    /// How often expired sessions are removed. Only `create` does so: there is no timer.
    std::chrono::seconds sweep = std::chrono::minutes(5);
    /// The maximum number of sessions. A full store first removes expired sessions, at most once a
    /// second, and then refuses a new session (503).
    std::size_t capacity = 100'000;
    /// The maximum size of the file, without its log. Beyond it, a new session is refused as by a
    /// full store, and a change that needs more room throws `unavailable` (503).
    std::size_t bytes = std::size_t{1024} * 1024 * 1024;
    /// How long a change waits for a write of another process.
    std::chrono::milliseconds busy = std::chrono::seconds(1);
    /// The clock, replaceable in tests.
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// The `session_store` in a file: sessions survive a restart without another server.
///
///     mcp::server server{"weather", "1.0", mcp::sqlite_sessions{"/var/lib/weather/sessions.db"}};
///
/// - Several processes of one machine may share the file, which must not be on a network file
///   system. Only its owner can read it: a session id in it is a credential.
/// - `find` reads on the calling thread by primary key. The write-ahead log keeps it from waiting
///   for writers. It takes a few microseconds, about as much as a thread pool would add.
/// - Changes run on the store's own thread, one after another, and are awaited. Each takes at most
///   `busy` plus the time of the disk.
/// - After a crash of the process, no data is lost. After a crash of the machine, the last changes
///   may be lost if the disk had not stored them.
/// - The last use is recorded to a sixtieth of `idle`, so that most requests write nothing. A
///   session may live that much longer, never shorter.
/// - Failures of the file throw `unavailable`. Needs SQLite 3.37 or newer.
///
/// Needs SQLite (CMake: `asio-mcp::sqlite`).
class sqlite_sessions {
public:
    /// Opens the file, or creates it. Throws `unavailable` if the file cannot be used, and
    /// `std::invalid_argument` for a name that SQLite does not treat as a file name.
    explicit sqlite_sessions(const std::string& file, sqlite_sessions_options options = {});

    [[nodiscard]] asio::awaitable<bool> create(session_record record);
    session_ptr find(const std::string& id);
    [[nodiscard]] asio::awaitable<bool> update(session_record record);
    [[nodiscard]] asio::awaitable<bool> replace(session_record before, session_record after);
    [[nodiscard]] asio::awaitable<bool> erase(std::string id);

    std::chrono::seconds idle_limit() const noexcept;

    /// Returns the number of sessions in the file, including expired sessions that are not yet
    /// swept.
    std::size_t size() const;

private:
    struct core;

    std::shared_ptr<core> core_;
};

static_assert(session_store<sqlite_sessions>);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/session/impl/sqlite_sessions.ipp>
#endif
