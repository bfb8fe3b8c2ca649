// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/tools.hpp>

#include <cstddef>
#include <string_view>

namespace mcp::detail {

/// Returns whether JSON text is an object.
inline bool is_object_text(std::string_view json_text) {
    const std::size_t first = json_text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && json_text[first] == '{';
}

/// Writes the members that a tool result and a `tool_use_result` of sampling share.
inline void write_tool_outcome(json_writer& w, const tool_result& value, revision r) {
    if (!value.structured.empty()) {
        require_json_text("structuredContent", value.structured);
    }
    w.key("content");
    w.begin_array();
    for (const content& block : value.content) {
        write(w, block, r);
    }
    if (value.content.empty() && !value.structured.empty()) {
        w.begin_object();
        w.member("type", "text");
        w.member("text", value.structured);
        w.end_object();
    }
    w.end_array();
    if (!value.structured.empty() && has_structured_content(r) &&
        (has_any_structured_content(r) || is_object_text(value.structured))) {
        w.member_raw("structuredContent", value.structured);
    }
    if (value.is_error) {
        w.member("isError", true);
    }
}

} // namespace mcp::detail
