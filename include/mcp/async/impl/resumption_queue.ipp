// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/resumption_queue.hpp>

#include <asio/execution/outstanding_work.hpp>
#include <asio/io_context.hpp>
#include <asio/prefer.hpp>

namespace mcp::detail {

MCP_DECL asio::execution_context* event_loop_of(const asio::any_io_executor& executor) noexcept {
    const auto plain = asio::prefer(executor, asio::execution::outstanding_work.untracked);
    const auto* const loop = plain.template target<asio::io_context::executor_type>();
    return loop == nullptr ? nullptr : &loop->context();
}

} // namespace mcp::detail
