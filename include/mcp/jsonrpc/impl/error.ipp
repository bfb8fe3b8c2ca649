// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/jsonrpc/error.hpp>

#include <stdexcept>

namespace mcp::jsonrpc {

MCP_DECL void throw_exception_from_error(const error& why, const boost::source_location&) {
    throw std::invalid_argument{why.message};
}

} // namespace mcp::jsonrpc
