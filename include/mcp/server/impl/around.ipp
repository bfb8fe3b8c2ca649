// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/server/around.hpp>

namespace mcp::detail {

MCP_DECL around_chain::~around_chain() = default;
MCP_DECL around_layer::~around_layer() = default;

} // namespace mcp::detail
