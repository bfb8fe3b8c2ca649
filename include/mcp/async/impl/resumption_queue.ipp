// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/resumption_queue.hpp>

#include <asio/execution/outstanding_work.hpp>
#include <asio/io_context.hpp>
#include <asio/prefer.hpp>

#include <typeinfo>

namespace mcp::detail {

MCP_DECL asio::execution_context* event_loop_of(const asio::any_io_executor& executor) noexcept {
    const auto plain = asio::prefer(executor, asio::execution::outstanding_work.untracked);
    using event_loop = asio::io_context::executor_type;
    if (plain.target_type() != typeid(event_loop)) // `target` of Asio 1.22 does not check
        return nullptr;
    return &plain.template target<event_loop>()->context();
}

} // namespace mcp::detail
