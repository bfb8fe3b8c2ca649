// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/trace_context.hpp>

#include <string_view>

namespace mcp {

MCP_DECL trace_context read_trace_context(const json_object* meta) noexcept {
    const auto text = [&](std::string_view key) {
        const json* member = meta ? meta->if_contains(key) : nullptr;
        return member && member->is_string() ? std::string_view(member->get_string())
                                             : std::string_view();
    };
    const std::string_view parent = text(meta_key::trace_parent);
    return parent.empty() ? trace_context()
                          : make_trace_context(parent, text(meta_key::trace_state));
}

} // namespace mcp
