// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/member.hpp>
#include <mcp/json/value.hpp>

#include <string_view>

namespace mcp {

MCP_DECL json_view find_member(json_view object, std::string_view key) noexcept {
    const json_view member = object.find(key);
    return member && !member.is_null() ? member : json_view{};
}

MCP_DECL json_view find_members(json_view value) noexcept {
    static const json_object none;
    if (value && value.is_array() && value.size() == 0) {
        return &none;
    }
    return value && value.is_object() ? value : json_view{};
}

} // namespace mcp
