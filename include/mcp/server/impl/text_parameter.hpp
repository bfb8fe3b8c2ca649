// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/protocol/errors.hpp>
#include <mcp/server/context.hpp>

#include <string>
#include <string_view>

namespace mcp::detail {

/// Returns a parameter that must be a string.
inline std::string_view text_parameter(const context& ctx, std::string_view name) {
    const auto text = ctx.params().find(name).if_string();
    if (!text)
        throw protocol_error(invalid_params("params." + std::string(name) + ": expected string"));
    return *text;
}

} // namespace mcp::detail
