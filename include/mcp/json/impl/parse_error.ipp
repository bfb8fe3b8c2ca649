// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/parse_error.hpp>

#include <stdexcept>

namespace mcp {

MCP_DECL void throw_exception_from_error(const parse_error& error, const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

} // namespace mcp
