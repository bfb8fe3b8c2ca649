// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/impl/string_members.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

MCP_DECL prompt_message user_message(content block) {
    return {role::user, std::move(block)};
}

MCP_DECL prompt_message assistant_message(content block) {
    return {role::assistant, std::move(block)};
}

namespace detail {

inline result<prompt_argument, decode_error> read_prompt_argument(json_view value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    prompt_argument read;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take("required", read.required);
    return r.finish(std::move(read));
}

inline result<prompt_message, decode_error> read_prompt_message(json_view value,
                                                                std::string_view path) {
    member_reader r{value, path};
    prompt_message read;
    r.need("role", read.role, read_role);
    r.need("content", read.content, read_content);
    return r.finish(std::move(read));
}

} // namespace detail

MCP_DECL void write(json_writer& w, const prompt_definition& value, revision r) {
    w.begin_object();
    w.member("name", value.name);
    if (has_titles(r)) {
        write_present(w, "title", value.title);
    }
    write_present(w, "description", value.description);
    if (!value.arguments.empty()) {
        write_list(w, "arguments", value.arguments, [&w, r](const prompt_argument& argument) {
            w.begin_object();
            w.member("name", argument.name);
            if (has_titles(r)) {
                write_present(w, "title", argument.title);
            }
            write_present(w, "description", argument.description);
            w.member("required", argument.required);
            w.end_object();
        });
    }
    write_icons(w, value.icons, r);
    if (has_nested_meta(r)) {
        write_present_object(w, "_meta", value.meta);
    }
    w.end_object();
}

MCP_DECL void write(json_writer& w, const prompt_result& value, revision r,
                    std::string_view server_info) {
    begin_result(w, r, server_info, value.meta);
    write_present(w, "description", value.description);
    write_list(w, "messages", value.messages, [&w, r](const prompt_message& message) {
        w.begin_object();
        w.member("role", to_string(message.role));
        w.key("content");
        write(w, message.content, r);
        w.end_object();
    });
    w.end_object();
}

MCP_DECL result<prompt_definition, decode_error> read_prompt_definition(json_view value,
                                                                        std::string_view path) {
    member_reader r{value, path};
    prompt_definition read;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take_list("arguments", read.arguments, detail::read_prompt_argument);
    r.take_list("icons", read.icons, read_icon);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

MCP_DECL result<prompt_result, decode_error> read_prompt_result(json_view value,
                                                                std::string_view path) {
    member_reader r{value, path};
    prompt_result read;
    r.take("description", read.description);
    r.need_list("messages", read.messages, detail::read_prompt_message);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

MCP_DECL result<prompt_params, decode_error> read_prompt_params(json_view params) {
    member_reader r{params};
    prompt_params read;
    r.need("name", read.name);
    r.take("arguments", read.arguments, detail::read_string_members);
    return r.finish(std::move(read));
}

} // namespace mcp
