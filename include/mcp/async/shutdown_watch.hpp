// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace mcp::detail {

/// What a `shutdown_watch` does, on its own thread.
struct shutdown_actions {
    std::function<void()> stop{};    ///< at SIGINT or SIGTERM; if empty, signals keep their effect
    std::function<void()> overdue{}; ///< when the time is over
    std::chrono::milliseconds patience{0}; ///< from the signal, or from `begin`
};

/// Sees to it that a server ends. It waits for signals and for the end of the time on a thread of
/// its own, so that it acts even if the event loops hang. Any thread may call the members.
class shutdown_watch {
public:
    explicit shutdown_watch(shutdown_actions actions);
    shutdown_watch(const shutdown_watch&) = delete;
    shutdown_watch& operator=(const shutdown_watch&) = delete;

    /// Calls nothing more, and gives the signals their default effect.
    ~shutdown_watch();

    /// Starts the time, unless a signal has: the server stops.
    void begin();

    /// Gives the signals their default effect.
    void release();

private:
    class watcher;

    const std::unique_ptr<watcher> watcher_;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/async/impl/shutdown_watch.ipp>
#endif
