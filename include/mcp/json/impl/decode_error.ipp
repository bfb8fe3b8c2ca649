// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>

#include <stdexcept>
#include <string>

namespace mcp {

MCP_DECL std::string decode_error::what() const {
    return path.empty() ? message : path + (message.starts_with("is ") ? " " : ": ") + message;
}

MCP_DECL void throw_exception_from_error(const decode_error& error, const boost::source_location&) {
    throw std::invalid_argument{error.what()};
}

} // namespace mcp
