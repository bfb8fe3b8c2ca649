// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/document.hpp>
#include <mcp/json/parse.hpp>

#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL result<json, parse_error> parse_json(std::string_view text, const json_limits& limits,
                                              json_storage storage) {
    json_document document{limits};
    if (auto error = document.read(text)) {
        return *std::move(error);
    }
    return document.root().to_json(std::move(storage));
}

} // namespace mcp
