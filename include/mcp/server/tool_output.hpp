#pragma once

#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/result_writer.hpp>

#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

namespace mcp {

namespace detail {

template <class T>
inline constexpr bool is_text = std::is_convertible_v<const T, std::string_view>;

template <class T>
inline constexpr bool is_content = std::is_convertible_v<T, content> && !is_text<T>;

template <class T>
inline constexpr bool is_object_map = false;
template <class V, class... Rest>
inline constexpr bool is_object_map<std::map<std::string, V, Rest...>> = true;
template <class V, class... Rest>
inline constexpr bool is_object_map<std::unordered_map<std::string, V, Rest...>> = true;

} // namespace detail

/// Whether a tool that returns `R` shows it as `structuredContent` and has an output schema. This
/// holds for all types but text, content, `tool_result` and void.
template <class R>
inline constexpr bool is_structured =
    !std::is_void_v<R> && !detail::is_text<R> && !detail::is_content<R> &&
    !std::same_as<R, std::vector<content>> && !std::same_as<R, tool_result>;

/// Whether `R` is shown as `{"result": …}` to legacy clients, which take only objects.
template <class R>
inline constexpr bool wraps_result = is_structured<R> && !std::same_as<R, mcp::json> &&
                                     !reflect::aggregate_struct<R> && !detail::is_object_map<R>;

/// Returns the output schema of a tool that returns `R`, as JSON text; empty if it has none.
template <class R>
constexpr std::string_view output_schema_of() {
    if constexpr (!is_structured<R> || std::same_as<R, mcp::json>)
        return {};
    else
        return schema_of<R>;
}

/// Returns the output schema for clients that take only objects.
template <class R>
constexpr std::string_view wrapped_schema_of() {
    if constexpr (wraps_result<R>)
        return schema_of<arguments<arg<"result", R>>>;
    else
        return output_schema_of<R>();
}

/// Makes the result a tool error: models read the text and can react. [MCP 2026-07-28 server/tools]
inline void write_tool_error(result_writer& out, std::string_view why) {
    out.restart();
    json_writer& w = out.json();
    w.key("content");
    w.begin_array();
    write(w, content(text(std::string(why))), out.revision());
    w.end_array();
    w.member("isError", true);
    out.note_tool_error();
}

/// Writes an empty success.
inline void write_tool_output(result_writer& out) {
    out.json().member_raw("content", "[]");
}

/// Writes the value that a tool has returned, by its type.
template <class R>
void write_tool_output(result_writer& out, const R& value) {
    json_writer& w = out.json();
    const mcp::revision r = out.revision();
    if constexpr (std::same_as<R, tool_result>) {
        write(out.whole(), value, r, out.server_info());
        if (value.is_error)
            out.note_tool_error();
    } else if constexpr (detail::is_text<R>) {
        // Text is the most common result; it is written without a content object in between.
        w.key("content");
        w.begin_array();
        w.begin_object();
        w.member("type", "text");
        w.member("text", std::string_view(value));
        w.end_object();
        w.end_array();
    } else if constexpr (std::same_as<R, std::vector<content>>) {
        w.key("content");
        w.begin_array();
        for (const content& each : value)
            write(w, each, r);
        w.end_array();
    } else if constexpr (detail::is_content<R>) {
        w.key("content");
        w.begin_array();
        write(w, content(value), r);
        w.end_array();
    } else {
        thread_local std::string scratch;
        scratch.clear();
        encode(scratch, value);
        w.key("content");
        w.begin_array();
        w.begin_object();
        w.member("type", "text");
        w.member("text", std::string_view(scratch));
        w.end_object();
        w.end_array();
        if (!has_structured_content(r))
            return;
        if constexpr (wraps_result<R>) {
            if (!has_any_structured_content(r)) {
                w.key("structuredContent");
                w.begin_object();
                w.member_raw("result", scratch);
                w.end_object();
                return;
            }
        }
        if (has_any_structured_content(r) || scratch.starts_with('{'))
            w.member_raw("structuredContent", scratch);
    }
}

} // namespace mcp
