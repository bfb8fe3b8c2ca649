// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/stop_signals.hpp>

#include <csignal>
#include <functional>
#include <system_error>
#include <utility>

namespace mcp::detail {

MCP_DECL void stop_signals::watch(std::function<void()> stop) {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this, stop = std::move(stop)](std::error_code released, int) {
        if (released)
            return; // this object may have gone
        release();
        stop();
    });
}

MCP_DECL void stop_signals::release() noexcept {
    std::error_code ignored;
    signals_.cancel(ignored);
    signals_.clear(ignored);
}

} // namespace mcp::detail
