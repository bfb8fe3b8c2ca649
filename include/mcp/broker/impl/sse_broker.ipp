// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/broker/sse_broker.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

#include <utility>

namespace mcp::detail {

MCP_DECL void run_detached(const pool_source& queue, asio::awaitable<void> operation) {
    asio::co_spawn(queue(), std::move(operation), asio::detached);
}

} // namespace mcp::detail
