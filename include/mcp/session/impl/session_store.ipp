// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/session/session_store.hpp>

#include <chrono>

namespace mcp::detail {

MCP_DECL std::chrono::milliseconds bounded_idle_limit(std::chrono::duration<double> said) {
    // `hours::max()` overflows in milliseconds.
    constexpr std::chrono::milliseconds most = std::chrono::hours(24);
    const bool counts = said.count() > 0 && said < most;
    return counts ? std::chrono::duration_cast<std::chrono::milliseconds>(said) : most;
}

} // namespace mcp::detail
