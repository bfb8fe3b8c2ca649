// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>

#include <string_view>

namespace mcp::detail {

/// Returns the text of a member; empty if there is none.
inline std::string_view jwk_text(const json_object& jwk, std::string_view name) {
    const json* value = jwk.if_contains(name);
    const json_string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

} // namespace mcp::detail
