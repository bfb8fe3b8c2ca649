// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/sse_broker.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <utility>

namespace mcp::detail {

MCP_DECL void leave_to_itself(const pool_source& queue, asio::awaitable<void> step) {
    asio::co_spawn(queue(), std::move(step), asio::detached);
}

} // namespace mcp::detail
