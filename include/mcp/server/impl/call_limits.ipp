// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/call_gate.hpp>
#include <mcp/server/call_limits.hpp>

#include <stdexcept>

namespace mcp {

MCP_DECL void detail::call_limits::set(mcp::concurrency option) {
    if (option.calls == 0)
        throw std::invalid_argument("mcp::concurrency: at least one call must be able to run");
    gate = std::make_shared<call_gate>(option.calls, option.waiting);
}

} // namespace mcp
