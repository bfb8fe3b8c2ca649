// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/replay/replay_log.hpp>

#include <asio/awaitable.hpp>

#include <cstdint>

namespace mcp::detail {

MCP_DECL asio::awaitable<recorded> recorded_later(pending<std::uint64_t> sequence) {
    co_await sequence.settle();
    co_return recorded{sequence.take()};
}

} // namespace mcp::detail
