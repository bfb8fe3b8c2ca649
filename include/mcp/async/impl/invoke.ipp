// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>

#include <asio/awaitable.hpp>

namespace mcp::detail {

MCP_DECL asio::awaitable<void> ready_nothing() {
    co_return;
}

} // namespace mcp::detail
