// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/impl/content.hpp>
#include <mcp/protocol/impl/tools.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/sampling.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/result.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

MCP_DECL sampling_content::sampling_content() = default;
MCP_DECL sampling_content::sampling_content(text block) : value{std::move(block)} {}
MCP_DECL sampling_content::sampling_content(image block) : value{std::move(block)} {}
MCP_DECL sampling_content::sampling_content(audio block) : value{std::move(block)} {}
MCP_DECL sampling_content::sampling_content(tool_use block) : value{std::move(block)} {}
MCP_DECL sampling_content::sampling_content(tool_use_result block) : value{std::move(block)} {}
MCP_DECL sampling_content::sampling_content(std::string words) : value{text{std::move(words)}} {}
MCP_DECL sampling_content::sampling_content(const char* words) : value{text{words}} {}
MCP_DECL sampling_content::sampling_content(const sampling_content&) = default;
MCP_DECL sampling_content::sampling_content(sampling_content&&) noexcept = default;
MCP_DECL sampling_content& sampling_content::operator=(const sampling_content&) = default;
MCP_DECL sampling_content& sampling_content::operator=(sampling_content&&) = default;
MCP_DECL sampling_content::~sampling_content() = default;

namespace detail {

inline constexpr std::array<std::string_view, 3> include_context_names{"none", "thisServer",
                                                                       "allServers"};
inline constexpr std::array<std::string_view, 3> tool_choice_names{"auto", "required", "none"};

inline void write_sampling_block(json_writer& w, const tool_use& block, revision r) {
    if (!has_sampling_tools(r)) {
        return write(w, text{"[tool use: " + block.name + "]"}, r);
    }
    w.begin_object();
    w.member("type", "tool_use");
    w.member("id", block.id);
    w.member("name", block.name);
    w.member("input", block.input);
    write_present_object(w, "_meta", block.meta);
    w.end_object();
}

inline void write_sampling_block(json_writer& w, const tool_use_result& block, revision r) {
    if (!has_sampling_tools(r)) {
        return write(w, text{"[tool result]"}, r);
    }
    w.begin_object();
    w.member("type", "tool_result");
    w.member("toolUseId", block.tool_use_id);
    write_tool_outcome(w, block.result, r);
    write_present_object(w, "_meta", block.result.meta);
    w.end_object();
}

template <class Block>
void write_sampling_block(json_writer& w, const Block& block, revision r) {
    write(w, block, r);
}

inline void write_sampling_block(json_writer& w, const sampling_content& block, revision r) {
    std::visit([&w, r](const auto& one) { write_sampling_block(w, one, r); }, block.value);
}

/// Writes one block as an object, several blocks as an array.
inline void write_sampling_blocks(json_writer& w, const std::vector<sampling_content>& blocks,
                                  revision r) {
    w.key("content");
    if (blocks.size() == 1) {
        return write_sampling_block(w, blocks.front(), r);
    }
    w.begin_array();
    for (const sampling_content& block : blocks) {
        write_sampling_block(w, block, r);
    }
    w.end_array();
}

inline void write_sampling_message(json_writer& w, const sampling_message& message, revision r) {
    if (has_sampling_tools(r)) {
        w.begin_object();
        w.member("role", to_string(message.role));
        write_sampling_blocks(w, message.content, r);
        w.end_object();
        return;
    }
    for (const sampling_content& block : message.content) {
        w.begin_object();
        w.member("role", to_string(message.role));
        w.key("content");
        write_sampling_block(w, block, r);
        w.end_object();
    }
}

inline void write_preferences(json_writer& w, const model_preferences& value) {
    w.key("modelPreferences");
    w.begin_object();
    if (!value.hints.empty()) {
        write_list(w, "hints", value.hints, [&w](const std::string& name) {
            w.begin_object();
            w.member("name", name);
            w.end_object();
        });
    }
    write_present(w, "costPriority", value.cost_priority);
    write_present(w, "speedPriority", value.speed_priority);
    write_present(w, "intelligencePriority", value.intelligence_priority);
    w.end_object();
}

inline result<tool_use, decode_error> read_tool_use(json_view value, std::string_view path) {
    member_reader r{value, path};
    tool_use read;
    r.need("id", read.id);
    r.need("name", read.name);
    r.need("input", read.input);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<tool_use_result, decode_error> read_tool_use_result(json_view value,
                                                                  std::string_view path) {
    auto outcome = read_tool_result(value, path);
    if (!outcome) {
        return std::move(outcome).error();
    }
    member_reader r{value, path};
    tool_use_result read{{}, *std::move(outcome)};
    r.need("toolUseId", read.tool_use_id);
    return r.finish(std::move(read));
}

inline result<sampling_content, decode_error> read_sampling_block(json_view value,
                                                                  std::string_view path) {
    const std::string_view type = content_type(value);
    if (type == "text") {
        return widened<sampling_content>(read_text(value, path));
    }
    if (type == "image") {
        return widened<sampling_content>(read_media<image>(value, path));
    }
    if (type == "audio") {
        return widened<sampling_content>(read_media<audio>(value, path));
    }
    if (type == "tool_use") {
        return widened<sampling_content>(read_tool_use(value, path));
    }
    if (type == "tool_result") {
        return widened<sampling_content>(read_tool_use_result(value, path));
    }
    return decode_error{std::string{path},
                        "expected content of type text, image, audio, tool_use or tool_result"};
}

inline void read_sampling_blocks(member_reader& r, std::vector<sampling_content>& into) {
    const json_view content = r.find("content");
    if (content && content.is_array()) {
        return r.need_list("content", into, read_sampling_block);
    }
    sampling_content only;
    r.need("content", only, read_sampling_block);
    into.push_back(std::move(only));
}

inline result<sampling_message, decode_error> read_sampling_message(json_view value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    sampling_message read;
    r.need("role", read.role, read_role);
    read_sampling_blocks(r, read.content);
    return r.finish(std::move(read));
}

inline result<std::string, decode_error> read_hint(json_view value, std::string_view path) {
    member_reader r{value, path};
    std::string name;
    r.take("name", name);
    return r.finish(std::move(name));
}

inline result<model_preferences, decode_error> read_preferences(json_view value,
                                                                std::string_view path) {
    member_reader r{value, path};
    model_preferences read;
    r.take_list("hints", read.hints, read_hint);
    r.take("costPriority", read.cost_priority);
    r.take("speedPriority", read.speed_priority);
    r.take("intelligencePriority", read.intelligence_priority);
    return r.finish(std::move(read));
}

/// Reads the enumerator whose value is the index of the name.
template <class Enum>
void read_name(member_reader& r, std::string_view key, const std::array<std::string_view, 3>& names,
               auto& into) {
    std::string name;
    r.take(key, name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) {
            into = static_cast<Enum>(i);
            return;
        }
    }
    if (!name.empty()) {
        r.fail(key, "is not a known value");
    }
}

} // namespace detail

MCP_DECL client_capabilities sampling_request::needs() const {
    client_capabilities needed;
    needed.sampling = true;
    needed.sampling_tools = !tools.empty() || tool_choice.has_value();
    needed.sampling_context = include_context != mcp::include_context::none;
    return needed;
}

MCP_DECL std::string sampling_result::text() const {
    std::string words;
    for (const sampling_content& block : content) {
        if (const auto* one = std::get_if<mcp::text>(&block.value)) {
            words += one->value;
        }
    }
    return words;
}

MCP_DECL std::vector<const tool_use*> sampling_result::tool_uses() const {
    std::vector<const tool_use*> uses;
    for (const sampling_content& block : content) {
        if (const auto* one = std::get_if<tool_use>(&block.value)) {
            uses.push_back(one);
        }
    }
    return uses;
}

MCP_DECL void write(json_writer& w, const sampling_request& value, revision r) {
    w.begin_object();
    w.key("messages");
    w.begin_array();
    for (const sampling_message& message : value.messages) {
        detail::write_sampling_message(w, message, r);
    }
    w.end_array();
    if (!value.preferences.empty()) {
        detail::write_preferences(w, value.preferences);
    }
    write_present(w, "systemPrompt", value.system_prompt);
    if (value.include_context != include_context::none) {
        w.member("includeContext",
                 detail::include_context_names[static_cast<std::size_t>(value.include_context)]);
    }
    write_present(w, "temperature", value.temperature);
    w.member("maxTokens", value.max_tokens);
    write_present_list(w, "stopSequences", value.stop_sequences);
    write_present_object(w, "metadata", value.metadata);
    if (has_sampling_tools(r) && !value.tools.empty()) {
        write_list(w, "tools", value.tools, [&w, r](const tool_definition& t) { write(w, t, r); });
    }
    if (has_sampling_tools(r) && value.tool_choice) {
        w.key("toolChoice");
        w.begin_object();
        w.member("mode", detail::tool_choice_names[static_cast<std::size_t>(*value.tool_choice)]);
        w.end_object();
    }
    w.end_object();
}

MCP_DECL void write(json_writer& w, const sampling_result& value, revision r) {
    w.begin_object();
    w.member("role", to_string(value.role));
    detail::write_sampling_blocks(w, value.content, r);
    w.member("model", value.model);
    write_present(w, "stopReason", value.stop_reason);
    write_present_object(w, "_meta", value.meta);
    w.end_object();
}

MCP_DECL result<sampling_request, decode_error> read_sampling_params(json_view params) {
    member_reader r{params};
    sampling_request read;
    json_view choice;
    r.need_list("messages", read.messages, detail::read_sampling_message);
    r.take("modelPreferences", read.preferences, detail::read_preferences);
    r.take("systemPrompt", read.system_prompt);
    detail::read_name<include_context>(r, "includeContext", detail::include_context_names,
                                       read.include_context);
    r.take("temperature", read.temperature);
    r.need("maxTokens", read.max_tokens);
    r.take("stopSequences", read.stop_sequences);
    r.take("metadata", read.metadata);
    r.take_list("tools", read.tools, read_tool_definition);
    r.take("toolChoice", choice);
    if (r.failed()) {
        return r.finish(std::move(read));
    }
    member_reader of_choice{choice, "toolChoice"};
    detail::read_name<tool_choice>(of_choice, "mode", detail::tool_choice_names, read.tool_choice);
    return of_choice.finish(std::move(read));
}

MCP_DECL result<sampling_result, decode_error> read_sampling_result(json_view value,
                                                                    std::string_view path) {
    member_reader r{value, path};
    sampling_result read;
    r.need("role", read.role, read_role);
    detail::read_sampling_blocks(r, read.content);
    r.need("model", read.model);
    r.take("stopReason", read.stop_reason);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

} // namespace mcp
