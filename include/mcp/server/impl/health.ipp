// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/health.hpp>

#include <algorithm>

namespace mcp {

MCP_DECL bool health_report::healthy() const noexcept {
    return std::all_of(parts.begin(), parts.end(), [](const part& p) { return p.state.ok; });
}

MCP_DECL std::string_view health_report::status() const noexcept {
    return healthy() ? "healthy" : "degraded";
}

MCP_DECL health_report detail::health_board::ask() {
    health_report report;
    for (watched& each : parts_)
        report.parts.push_back({each.role, look(each)});
    return report;
}

MCP_DECL health_state detail::health_board::look(watched& at) {
    health_state state;
    try {
        state = at.ask();
    } catch (...) { // the exception's text may be confidential
        state = {false, "the health check failed", {}};
    }
    std::lock_guard lock(mutex_);
    if (state.ok)
        at.ill.reset();
    else if (!at.ill)
        at.ill = clock::now();
    if (state.ok)
        state.since.reset();
    else if (!state.since)
        state.since = at.ill;
    return state;
}

} // namespace mcp
