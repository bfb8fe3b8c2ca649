// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/result.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

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
prompt_message user_message(content block);

/// Returns a message of the assistant: `mcp::assistant_message("I will look for defects first.")`.
prompt_message assistant_message(content block);

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

result<prompt_definition, decode_error> read_prompt_definition(json_view value,
                                                               std::string_view path = {});
result<prompt_result, decode_error> read_prompt_result(json_view value, std::string_view path = {});
result<prompt_params, decode_error> read_prompt_params(json_view params);

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/prompts.ipp>
#endif
