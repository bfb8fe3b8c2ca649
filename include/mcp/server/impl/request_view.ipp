// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/jsonrpc/message.hpp>
#include <mcp/server/request_view.hpp>

namespace mcp {

MCP_DECL request_view::request_view(const jsonrpc::message& message, mcp::revision wire,
                                    const catalog_snapshot& entries) noexcept
    : request_view(message.id, message.method, message.params, wire) {
    offers = &entries;
}

} // namespace mcp
