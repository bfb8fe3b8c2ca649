// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/server/call_deadline.hpp>

#include <algorithm>
#include <utility>

namespace mcp::detail {

MCP_DECL call_deadline::call_deadline(std::chrono::milliseconds limit, bool progress_restarts,
                                      std::function<void()> resumed, clock::time_point now)
    : limit_(limit)
    , progress_restarts_(progress_restarts)
    , resumed_(std::move(resumed))
    , end_(later(now, limit)) {}

MCP_DECL void call_deadline::progress(clock::time_point now) {
    if (!progress_restarts_)
        return;
    std::lock_guard lock(mutex_);
    end_ = later(pauses_ == 0 ? now : paused_, limit_);
}

MCP_DECL void call_deadline::pause(clock::time_point now) {
    std::lock_guard lock(mutex_);
    if (pauses_++ == 0)
        paused_ = now;
}

MCP_DECL void call_deadline::resume(clock::time_point now) {
    {
        std::lock_guard lock(mutex_);
        if (--pauses_ != 0)
            return;
        end_ = later(end_, now - paused_);
    }
    resumed_();
}

MCP_DECL std::optional<call_deadline::clock::duration>
call_deadline::left(clock::time_point now) const {
    std::lock_guard lock(mutex_);
    if (pauses_ != 0)
        return std::nullopt;
    return std::max(end_ - now, clock::duration::zero());
}

} // namespace mcp::detail
