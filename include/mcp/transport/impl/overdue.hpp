// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/any_server.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/standard_error.hpp>

#include <functional>

namespace mcp::detail {

/// Logs that handlers outlive the server, and calls `leave`, if any.
inline void tell_overdue(const any_server& server, const std::function<void()>& leave) {
    server.environment().log(
        log_level::warning,
        leave ? "handlers still run after they were cancelled; the process ends without them"
              : "handlers still run after they were cancelled; the server waits for them");
    standard_error::get().flush();
    if (leave)
        leave();
}

} // namespace mcp::detail
