// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/offload.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/operation.hpp>

namespace mcp {

MCP_DECL operation::~operation() = default;

MCP_DECL asio::awaitable<void> operation::run_async(context& ctx, result_writer& out) const {
    run(ctx, out);
    co_return;
}

MCP_DECL asio::awaitable<void> detail::run_blocking(context& ctx, std::function<void()> work) {
    return offload(detail::context_access::environment(ctx).pool(), std::move(work));
}

} // namespace mcp
