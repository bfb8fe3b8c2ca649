// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/config.hpp>

#include <asio/awaitable.hpp>

#include <chrono>

namespace mcp {

namespace detail {

asio::awaitable<void> sleep(std::chrono::nanoseconds time);

} // namespace detail

/// Waits, while the event loop runs other handlers.
///
///     co_await mcp::sleep_for(std::chrono::milliseconds(100));
///
/// A time of zero or less only lets other handlers run. Cancellation ends the wait with a
/// `std::system_error` of `asio::error::operation_aborted`. A handler that does not catch it ends
/// as cancelled.
template <class Rep, class Period>
[[nodiscard]] asio::awaitable<void> sleep_for(std::chrono::duration<Rep, Period> time) {
    return detail::sleep(
        std::chrono::duration_cast<std::chrono::nanoseconds>(detail::within_clocks(time)));
}

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/async/impl/sleep_for.ipp>
#endif
