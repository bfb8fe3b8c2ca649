// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/member.hpp>

#include <string_view>

namespace mcp {

MCP_DECL const json* find_member(const json_object* object, std::string_view key) noexcept {
    const json* member = object ? object->if_contains(key) : nullptr;
    return member && !member->is_null() ? member : nullptr;
}

MCP_DECL const json_object* find_members(const json& value) noexcept {
    static const json_object none;
    const json_array* array = value.if_array();
    return array && array->empty() ? &none : value.if_object();
}

} // namespace mcp
