// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/async/sleep_for.hpp>

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>

namespace mcp::detail {

MCP_DECL asio::awaitable<void> sleep(std::chrono::nanoseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(later(asio::steady_timer::clock_type::now(), time));
    co_await timer.async_wait(asio::use_awaitable);
}

} // namespace mcp::detail
