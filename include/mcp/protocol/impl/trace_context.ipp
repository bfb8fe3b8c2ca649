// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/view.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/trace_context.hpp>

#include <string_view>

namespace mcp {

MCP_DECL trace_context read_trace_context(json_view meta) noexcept {
    const auto text = [&](std::string_view key) { return meta.find(key).if_string().value_or(""); };
    const std::string_view parent = text(meta_key::trace_parent);
    return parent.empty() ? trace_context()
                          : make_trace_context(parent, text(meta_key::trace_state));
}

} // namespace mcp
