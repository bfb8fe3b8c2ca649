// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/session/session_store.hpp>

#include <chrono>

namespace mcp::detail {

MCP_DECL std::chrono::milliseconds bounded_idle_limit(std::chrono::duration<double> limit) {
    // `hours::max()` overflows in milliseconds.
    constexpr std::chrono::milliseconds most = std::chrono::hours(24);
    const bool usable = limit.count() > 0 && limit < most;
    return usable ? std::chrono::duration_cast<std::chrono::milliseconds>(limit) : most;
}

} // namespace mcp::detail
