// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/schema/schema_of.hpp>
#include <mcp/server/expected.hpp>

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mcp {

class result_writer;

namespace detail {

template <class T>
inline constexpr bool is_text = std::is_convertible_v<const T, std::string_view>;

template <class T>
inline constexpr bool is_content = std::is_convertible_v<T, content> && !is_text<T>;

/// Whether a tool that returns `R` shows it as `structuredContent` and has an output schema. This
/// holds for all types but text, content, `tool_result` and void.
template <class R>
inline constexpr bool is_structured =
    !std::is_void_v<R> && !is_text<R> && !is_content<R> && !std::same_as<R, std::vector<content>> &&
    !std::same_as<R, tool_result>;

/// Returns whether a schema has `"type":"object"` itself, not in a part.
constexpr bool says_object(std::string_view schema) {
    int depth = 0;
    for (std::size_t at = 0; at < schema.size(); ++at) {
        const char c = schema[at];
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        if (c != '"')
            continue;
        const std::size_t begin = ++at;
        while (at < schema.size() && schema[at] != '"')
            at += schema[at] == '\\' ? 2U : 1U;
        if (depth != 1 || schema.substr(begin, at - begin) != "type")
            continue;
        const std::string_view rest = schema.substr(at + 1);
        const std::size_t colon = rest.find_first_not_of(" \t\r\n");
        const std::size_t value = rest.find_first_not_of(" \t\r\n", colon + 1);
        if (colon != rest.npos && rest[colon] == ':' && value != rest.npos)
            return rest.substr(value).starts_with("\"object\"");
    }
    return false;
}

template <class R>
consteval bool needs_wrapping() {
    if constexpr (!is_structured<R> || std::same_as<R, mcp::json>)
        return false;
    else
        return !says_object(result_schema_of<R>);
}

/// Whether `R` is shown as `{"result": …}` to legacy clients, which take only objects. This holds
/// if its schema does not say that it is an object.
template <class R>
inline constexpr bool wraps_result = needs_wrapping<R>();

/// Returns the output schema of a tool that returns `R`, as JSON text; empty if it has none.
template <class R>
constexpr std::string_view output_schema_of() {
    if constexpr (!is_structured<R> || std::same_as<R, mcp::json>)
        return {};
    else
        return result_schema_of<R>;
}

/// Returns the output schema for clients that take only objects.
template <class R>
constexpr std::string_view wrapped_schema_of() {
    if constexpr (wraps_result<R>)
        return result_schema_of<arguments<arg<"result", R>>>;
    else
        return output_schema_of<R>();
}

/// Makes the result a tool error: models read the text and can react. [MCP 2026-07-28 server/tools]
void write_tool_error(result_writer& out, std::string_view why);

/// Writes an empty success.
void write_tool_output(result_writer& out);

void write_tool_result(result_writer& out, const tool_result& value);
void write_tool_text(result_writer& out, std::string_view value);
void write_tool_content(result_writer& out, std::span<const content> blocks);

/// Returns an empty text, whose memory each thread uses again.
std::string& empty_tool_text();

/// Writes a structured result, which is JSON text. `wraps` is `wraps_result` of its type.
void write_tool_json(result_writer& out, std::string_view json_text, bool wraps);

/// Writes the error that a tool has returned instead of a value.
template <class E>
void write_tool_failure(result_writer& out, const E& error) {
    if constexpr (std::derived_from<E, tool_error>)
        write_tool_result(out, error.result());
    else
        write_tool_error(out, error_text(error));
}

/// Writes the value that a tool has returned, by its type.
template <class R>
void write_tool_output(result_writer& out, const R& value) {
    if constexpr (expected_like<R>) {
        if (!value.has_value())
            write_tool_failure(out, value.error());
        else if constexpr (std::is_void_v<delivered_t<R>>)
            write_tool_output(out);
        else
            write_tool_output(out, *value);
    } else if constexpr (std::same_as<R, tool_result>) {
        write_tool_result(out, value);
    } else if constexpr (is_text<R>) {
        write_tool_text(out, value);
    } else if constexpr (std::same_as<R, std::vector<content>>) {
        write_tool_content(out, value);
    } else if constexpr (is_content<R>) {
        const content block(value);
        write_tool_content(out, {&block, 1});
    } else {
        std::string& text = empty_tool_text();
        encode(text, value);
        write_tool_json(out, text, wraps_result<R>);
    }
}

} // namespace detail

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/server/impl/tool_output.ipp>
#endif
