// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/value.hpp>

#include <string_view>

namespace mcp {

MCP_DECL std::string_view kind_name(const json& value) noexcept {
    switch (value.kind()) {
    case json_kind::null:
        return "null";
    case json_kind::bool_:
        return "boolean";
    case json_kind::string:
        return "string";
    case json_kind::array:
        return "array";
    case json_kind::object:
        return "object";
    default:
        return "number";
    }
}

} // namespace mcp
