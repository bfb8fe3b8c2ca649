#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

/// An argument of a prompt. Its values are always strings.
struct prompt_argument {
    prompt_argument() = default;
    explicit prompt_argument(std::string name_, std::string description_ = {},
                             bool required_ = false)
        : name{std::move(name_)}
        , description{std::move(description_)}
        , required{required_} {}

    std::string name;
    std::string title;
    std::string description;
    bool required = false;
};

/// A prompt as listed by `prompts/list` [MCP 2026-07-28 server/prompts].
struct prompt_definition {
    prompt_definition() = default;
    prompt_definition(std::string name_, std::string description_,
                      std::vector<prompt_argument> arguments_ = {})
        : name{std::move(name_)}
        , description{std::move(description_)}
        , arguments{std::move(arguments_)} {}

    std::string name;
    std::string title;
    std::string description;
    std::vector<prompt_argument> arguments;
    std::vector<icon> icons;
    json_object meta;
};

/// One message of the conversation that a prompt starts.
struct prompt_message {
    prompt_message() = default;
    prompt_message(mcp::role who, mcp::content block) : role{who}, content{std::move(block)} {}

    mcp::role role = mcp::role::user;
    mcp::content content;
};

/// Returns a message of the user: `mcp::user_message("Review this code: …")`.
inline prompt_message user_message(content block) {
    return {role::user, std::move(block)};
}

/// Returns a message of the assistant: `mcp::assistant_message("I will look for defects first.")`.
inline prompt_message assistant_message(content block) {
    return {role::assistant, std::move(block)};
}

/// The result of a prompt. A string converts to one message of the user.
struct prompt_result {
    prompt_result() = default;
    prompt_result(std::string words) { messages.push_back(user_message(std::move(words))); }
    prompt_result(const char* words) { messages.push_back(user_message(words)); }
    prompt_result(prompt_message only) { messages.push_back(std::move(only)); }
    prompt_result(std::vector<prompt_message> all, std::string description_ = {})
        : description{std::move(description_)}
        , messages{std::move(all)} {}

    std::string description;
    std::vector<prompt_message> messages;
    json_object meta;
};

/// The params of `prompts/get`.
struct prompt_params {
    prompt_params() = default;
    explicit prompt_params(std::string name_,
                           std::vector<std::pair<std::string, std::string>> arguments_ = {})
        : name{std::move(name_)}
        , arguments{std::move(arguments_)} {}

    std::string name;
    /// Names and values, in the order of the request.
    std::vector<std::pair<std::string, std::string>> arguments;

    /// Returns the value of an argument, or nullptr if it is absent.
    const std::string* find(std::string_view argument) const {
        for (const auto& [given, value] : arguments) {
            if (given == argument) {
                return &value;
            }
        }
        return nullptr;
    }
};

void write(json_writer& w, const prompt_definition& value, revision r);

/// Writes a complete result. `server_info` is that of `begin_result`.
void write(json_writer& w, const prompt_result& value, revision r,
           std::string_view server_info = {});

result<prompt_definition, decode_error> read_prompt_definition(const json& value,
                                                               std::string_view path = {});
result<prompt_result, decode_error> read_prompt_result(const json& value,
                                                       std::string_view path = {});
result<prompt_params, decode_error> read_prompt_params(const json_object* params);

namespace detail {

inline result<prompt_argument, decode_error> read_prompt_argument(const json& value,
                                                                  std::string_view path) {
    member_reader r{value, path};
    prompt_argument read;
    r.need("name", read.name);
    r.take("title", read.title);
    r.take("description", read.description);
    r.take("required", read.required);
    return r.finish(std::move(read));
}

inline result<prompt_message, decode_error> read_prompt_message(const json& value,
                                                                std::string_view path) {
    member_reader r{value, path};
    prompt_message read;
    r.need("role", read.role, read_role);
    r.need("content", read.content, read_content);
    return r.finish(std::move(read));
}

/// Reads an object whose members are all strings, such as the arguments of a prompt. Every member
/// is optional, so a null member counts as absent.
inline result<std::vector<std::pair<std::string, std::string>>, decode_error>
read_string_members(const json& value, std::string_view path) {
    member_reader r{value, path};
    std::vector<std::pair<std::string, std::string>> read;
    if (const json_object* object = value.if_object()) {
        for (const auto& member : *object) {
            std::optional<std::string> text;
            r.take(member.key(), text);
            if (text) {
                read.emplace_back(std::string{member.key()}, *std::move(text));
            }
        }
    }
    return r.finish(std::move(read));
}

} // namespace detail

inline void write(json_writer& w, const prompt_definition& value, revision r) {
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

inline void write(json_writer& w, const prompt_result& value, revision r,
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

inline result<prompt_definition, decode_error> read_prompt_definition(const json& value,
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

inline result<prompt_result, decode_error> read_prompt_result(const json& value,
                                                              std::string_view path) {
    member_reader r{value, path};
    prompt_result read;
    r.take("description", read.description);
    r.need_list("messages", read.messages, detail::read_prompt_message);
    r.take("_meta", read.meta);
    return r.finish(std::move(read));
}

inline result<prompt_params, decode_error> read_prompt_params(const json_object* params) {
    member_reader r{params};
    prompt_params read;
    r.need("name", read.name);
    r.take("arguments", read.arguments, detail::read_string_members);
    return r.finish(std::move(read));
}

} // namespace mcp
