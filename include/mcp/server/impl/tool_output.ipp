// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/result_writer.hpp>
#include <mcp/server/tool_output.hpp>

namespace mcp::detail {

/// Captures a result, and returns true, if the writer is told so.
template <class... Made>
bool captured(result_writer& out, Made&&... made) {
    if (out.capture())
        out.capture()->value = tool_result(std::forward<Made>(made)...);
    return out.capture() != nullptr;
}

MCP_DECL void write_tool_error(result_writer& out, std::string_view why) {
    if (out.capture() && captured(out, tool_result::error(std::string(why))))
        return;
    out.restart();
    json_writer& w = out.json();
    w.key("content");
    w.begin_array();
    write(w, content(text(std::string(why))), out.revision());
    w.end_array();
    w.member("isError", true);
    out.note_tool_error();
}

MCP_DECL void write_tool_output(result_writer& out) {
    if (captured(out))
        return;
    out.json().member_raw("content", "[]");
}

MCP_DECL void write_tool_result(result_writer& out, const tool_result& value) {
    if (captured(out, value))
        return;
    write(out.whole(), value, out.revision(), out.server_info());
    if (value.is_error)
        out.note_tool_error();
}

// Text is the most common result; it is written without a content object in between.
MCP_DECL void write_tool_text(result_writer& out, std::string_view value) {
    if (out.capture() && captured(out, std::string(value)))
        return;
    json_writer& w = out.json();
    w.key("content");
    w.begin_array();
    w.begin_object();
    w.member("type", "text");
    w.member("text", value);
    w.end_object();
    w.end_array();
}

MCP_DECL void write_tool_content(result_writer& out, std::span<const content> blocks) {
    if (out.capture() && captured(out, std::vector<content>(blocks.begin(), blocks.end())))
        return;
    json_writer& w = out.json();
    w.key("content");
    w.begin_array();
    for (const content& each : blocks)
        write(w, each, out.revision());
    w.end_array();
}

MCP_DECL std::string& empty_tool_text() {
    thread_local std::string text;
    text.clear();
    return text;
}

MCP_DECL void write_tool_json(result_writer& out, std::string_view json_text, bool wraps) {
    if (out.capture()) {
        tool_result made{std::string(json_text)};
        made.structured = json_text;
        out.capture()->value = std::move(made);
        return;
    }
    write_tool_text(out, json_text);
    const mcp::revision r = out.revision();
    json_writer& w = out.json();
    if (!has_structured_content(r))
        return;
    if (wraps && !has_any_structured_content(r)) {
        w.key("structuredContent");
        w.begin_object();
        w.member_raw("result", json_text);
        w.end_object();
    } else if (has_any_structured_content(r) || json_text.starts_with('{')) {
        w.member_raw("structuredContent", json_text);
    }
}

} // namespace mcp::detail
