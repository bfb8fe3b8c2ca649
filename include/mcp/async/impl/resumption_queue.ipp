// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/resumption_queue.hpp>

#include <asio/execution/outstanding_work.hpp>
#include <asio/io_context.hpp>
#include <asio/prefer.hpp>

#include <typeinfo>

namespace mcp::detail {

#ifdef ASIO_NO_TYPEID
MCP_DECL asio::execution_context* event_loop_of(const asio::any_io_executor&) noexcept {
    return nullptr; // the kinds of executors cannot be told apart
}
#else
MCP_DECL asio::execution_context* event_loop_of(const asio::any_io_executor& executor) noexcept {
    using event_loop = asio::io_context::executor_type;
    const auto plain = asio::prefer(executor, asio::execution::outstanding_work.untracked);
    if (plain.target_type() != typeid(event_loop)) // `target` of Asio 1.22 does not check
        return nullptr;
    return &plain.template target<event_loop>()->context();
}
#endif

} // namespace mcp::detail
