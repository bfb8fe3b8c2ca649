// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/impl/tools.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

MCP_DECL tool_result tool_result::error(std::string words) {
    tool_result failed{std::move(words)};
    failed.is_error = true;
    return failed;
}

MCP_DECL std::string tool_result::text() const {
    std::string all;
    const char* between = "";
    for (const mcp::content& block : content) {
        if (const std::string* words = block.if_text()) {
            all.append(std::exchange(between, "\n")).append(*words);
        }
    }
    return all;
}

MCP_DECL tool_error::tool_error(tool_result what)
    : handler_error{what.text()}
    , result_{std::move(what)} {
    result_->is_error = true;
}

MCP_DECL tool_result tool_error::result() const {
    return result_ ? *result_ : tool_result::error(what());
}

namespace detail {

/// Returns whether JSON text is a schema whose root has `"type":"object"`.
inline bool is_object_schema(std::string_view schema_text) {
    const auto schema = parse_json(schema_text, own_json_limits);
    return schema && json_view{*schema}.find("type").if_string() == "object";
}

inline void write_hint(json_writer& w, std::string_view key, hint value) {
    if (value) {
        w.member(key, *value);
    }
}

inline void take_hint(member_reader& r, std::string_view key, hint& into) {
    std::optional<bool> given;
    r.take(key, given);
    into = given ? hint(*given) : hint();
}

inline void write_hints(json_writer& w, const tool_hints& hints, std::string_view title) {
    if (hints.empty() && title.empty()) {
        return;
    }
    w.key("annotations");
    w.begin_object();
    write_present(w, "title", title);
    write_hint(w, "readOnlyHint", hints.read_only);
    write_hint(w, "destructiveHint", hints.destructive);
    write_hint(w, "idempotentHint", hints.idempotent);
    write_hint(w, "openWorldHint", hints.open_world);
    w.end_object();
}

inline void read_hints(json_view value, tool_definition& into, member_reader& parent) {
    member_reader r{value};
    std::string title;
    r.take("title", title);
    take_hint(r, "readOnlyHint", into.hints.read_only);
    take_hint(r, "destructiveHint", into.hints.destructive);
    take_hint(r, "idempotentHint", into.hints.idempotent);
    take_hint(r, "openWorldHint", into.hints.open_world);
    if (r.failed()) {
        parent.fail("annotations", "expected tool annotations");
    }
    if (into.title.empty()) {
        into.title = std::move(title);
    }
}

} // namespace detail

MCP_DECL void write(json_writer& w, const tool_definition& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    write_json_text(w, "inputSchema", value.input_schema);
    if (!value.output_schema.empty() && has_structured_content(r) &&
        (has_any_structured_content(r) || detail::is_object_schema(value.output_schema))) {
        write_json_text(w, "outputSchema", value.output_schema);
    }
    if (has_tool_annotations(r)) {
        const std::string_view title = has_titles(r) ? "" : std::string_view{value.title};
        detail::write_hints(w, value.hints, title);
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

MCP_DECL void write(json_writer& w, const tool_result& value, revision r,
                    std::string_view server_info) {
    begin_result(w, r, server_info, value.meta);
    detail::write_tool_outcome(w, value, r);
    w.end_object();
}

MCP_DECL result<tool_definition, decode_error> read_tool_definition(json_view value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    tool_definition read;
    json_view input;
    json_view output;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.need("inputSchema", input);
    r.take("outputSchema", output);
    if (input) {
        read.input_schema.clear();
        json_writer{read.input_schema}.value(input);
    }
    if (output) {
        json_writer{read.output_schema}.value(output);
    }
    if (const json_view hints = r.find_present("annotations")) {
        detail::read_hints(hints, read, r);
    }
    r.take_list("icons", read.icons, read_icon);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

MCP_DECL result<tool_result, decode_error> read_tool_result(json_view value,
                                                            std::string_view path) {
    member_reader r{value, path};
    tool_result read;
    r.need_list("content", read.content, read_content);
    if (const json_view structured = r.find("structuredContent")) {
        json_writer{read.structured}.value(structured);
    }
    r.take("isError", read.is_error);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

} // namespace mcp
