// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/view.hpp>
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

MCP_DECL std::optional<id> id::from(json_view value) {
    switch (value.kind()) {
    case json_kind::string:
        return id{value.get_string()};
    case json_kind::uint64:
        return from_text(std::to_string(value.get_uint64()));
    case json_kind::double_:
        break;
    default: {
        const auto number = value.to_int64();
        return number ? std::optional{id{*number}} : std::nullopt;
    }
    }
    constexpr double exact = 9007199254740992.0; // 2^53: a double beyond it is not an id
    const auto whole = value.to_int64();
    const double number = value.get_double();
    return whole && number >= -exact && number <= exact ? std::optional{id{*whole}} : std::nullopt;
}

} // namespace mcp::jsonrpc
