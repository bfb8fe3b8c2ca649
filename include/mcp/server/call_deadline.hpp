// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace mcp::detail {

/// The time that a call under way has left. It stands still while the handler waits for an answer
/// of the client. Any thread may call the members; the caller passes the time.
class call_deadline {
public:
    using clock = std::chrono::steady_clock;

    /// `resumed` is called when the time goes on after a pause.
    call_deadline(std::chrono::milliseconds limit, bool progress_restarts,
                  std::function<void()> resumed, clock::time_point now);

    /// Records progress. The whole time begins again if the settings say so.
    void progress(clock::time_point now);

    /// Stops the time until `resume` has been called as often.
    void pause(clock::time_point now);
    void resume(clock::time_point now);

    /// Returns the time that is left, at least zero; nothing during a pause.
    std::optional<clock::duration> left(clock::time_point now) const;

    std::chrono::milliseconds limit() const noexcept { return limit_; }

private:
    const std::chrono::milliseconds limit_;
    const bool progress_restarts_;
    const std::function<void()> resumed_;
    mutable std::mutex mutex_;
    clock::time_point end_;
    clock::time_point paused_{};
    int pauses_ = 0;
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/call_deadline.ipp>
#endif
