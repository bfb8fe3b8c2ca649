// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/id.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcp::jsonrpc {

MCP_DECL id::id(std::string_view string) {
    append_json_string(text_, string);
}

MCP_DECL std::optional<id> id::from(const json& value) {
    if (const auto* string = value.if_string()) {
        return id{std::string_view{*string}};
    }
    if (const auto* number = value.if_int64()) {
        return id{*number};
    }
    if (const auto* number = value.if_uint64()) {
        return from_text(std::to_string(*number));
    }
    constexpr double exact = 9007199254740992.0; // 2^53: a double beyond it is not an id
    if (const auto* number = value.if_double(); number && *number >= -exact && *number <= exact) {
        const auto whole = static_cast<std::int64_t>(*number);
        if (!(static_cast<double>(whole) < *number) && !(static_cast<double>(whole) > *number)) {
            return id{whole};
        }
    }
    return std::nullopt;
}

} // namespace mcp::jsonrpc
