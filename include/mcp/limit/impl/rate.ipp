// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/limit/rate.hpp>

#include <stdexcept>

namespace mcp::detail {

MCP_DECL rate checked_rate(rate limit) {
    if (limit.permits == 0 || limit.per.count() <= 0)
        throw std::invalid_argument("a rate needs at least one permit and a time above zero");
    limit.per = within_clocks(limit.per);
    return limit;
}

} // namespace mcp::detail
