// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/protocol/annotations.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mcp {

class json_writer;

/// A request of the model to run a tool.
struct tool_use {
    tool_use() = default;
    tool_use(std::string id_, std::string name_, json_object input_)
        : id{std::move(id_)}
        , name{std::move(name_)}
        , input{std::move(input_)} {}

    std::string id;
    std::string name;
    json_object input;
    json_object meta;
};

/// The result of a `tool_use`, for the next message. Every tool use needs a result, in one message
/// that holds nothing else.
struct tool_use_result {
    tool_use_result() = default;
    tool_use_result(std::string tool_use_id_, tool_result result_)
        : tool_use_id{std::move(tool_use_id_)}
        , result{std::move(result_)} {}

    std::string tool_use_id;
    tool_result result;
};

/// One block of a conversation with a model. A string converts to a text block.
struct sampling_content {
    using variant = std::variant<text, image, audio, tool_use, tool_use_result>;

    sampling_content();
    sampling_content(text block);
    sampling_content(image block);
    sampling_content(audio block);
    sampling_content(tool_use block);
    sampling_content(tool_use_result block);
    sampling_content(std::string words);
    sampling_content(const char* words);

    // Are compiled once, since the code for a variant is long.
    sampling_content(const sampling_content&);
    sampling_content(sampling_content&&) noexcept;
    sampling_content& operator=(const sampling_content&);
    sampling_content& operator=(sampling_content&&);
    ~sampling_content();

    variant value;
};

/// One message of a conversation with a model. Peers older than 2025-11-25 allow one block per
/// message, so they get several messages.
struct sampling_message {
    sampling_message() = default;
    sampling_message(mcp::role who, sampling_content only) : role{who} {
        content.push_back(std::move(only));
    }
    sampling_message(mcp::role who, std::vector<sampling_content> blocks)
        : role{who}
        , content{std::move(blocks)} {}

    mcp::role role = mcp::role::user;
    std::vector<sampling_content> content;
};

/// The preferences for the choice of a model; each priority is from 0 to 1. The client decides.
struct model_preferences {
    model_preferences() = default;

    /// Names or parts of names, most preferred first, such as `claude` or `gemini-flash`.
    std::vector<std::string> hints;
    std::optional<double> cost_priority;
    std::optional<double> speed_priority;
    std::optional<double> intelligence_priority;

    bool empty() const {
        return hints.empty() && !cost_priority && !speed_priority && !intelligence_priority;
    }
};

enum class include_context : std::uint8_t { none, this_server, all_servers };
enum class tool_choice : std::uint8_t { automatic, required, none };

/// Asks the client's model for a message [MCP 2026-07-28 client/sampling]; deprecated in
/// 2026-07-28.
///
///     const mcp::sampling_request request{"Summarise: " + text, 200};
struct sampling_request {
    sampling_request() = default;
    explicit sampling_request(std::string prompt, std::int64_t max_tokens_ = 1000)
        : max_tokens{max_tokens_} {
        messages.emplace_back(role::user, sampling_content{std::move(prompt)});
    }
    explicit sampling_request(std::vector<sampling_message> messages_,
                              std::int64_t max_tokens_ = 1000)
        : messages{std::move(messages_)}
        , max_tokens{max_tokens_} {}

    std::vector<sampling_message> messages;
    std::int64_t max_tokens = 1000;
    std::string system_prompt;
    model_preferences preferences;
    /// A value other than none needs the capability `sampling.context`.
    mcp::include_context include_context = mcp::include_context::none;
    std::optional<double> temperature;
    std::vector<std::string> stop_sequences;
    /// Passed to the provider of the model unchanged.
    json_object metadata;
    /// `tools` and `tool_choice` need the capability `sampling.tools` and a peer of 2025-11-25 or
    /// later.
    std::vector<tool_definition> tools;
    std::optional<mcp::tool_choice> tool_choice;

    /// Returns the capabilities that the client must have declared.
    client_capabilities needs() const;
};

/// The message of the model.
struct sampling_result {
    mcp::role role = mcp::role::assistant;
    std::vector<sampling_content> content;
    std::string model;
    /// `endTurn`, `stopSequence`, `maxTokens`, `toolUse` or a value of the provider; may be empty.
    std::string stop_reason;
    json_object meta;

    /// Returns the text of all text blocks.
    std::string text() const;
    /// Returns the tools that the model wants to run. The pointers point into this object.
    std::vector<const tool_use*> tool_uses() const;
};

/// The method by which a server asks for sampling.
inline constexpr std::string_view sampling_method = "sampling/createMessage";

/// Writes the params of `sampling/createMessage`.
void write(json_writer& w, const sampling_request& value, revision r);

/// Writes the result of a client.
void write(json_writer& w, const sampling_result& value, revision r);

result<sampling_request, decode_error> read_sampling_params(json_view params);
result<sampling_result, decode_error> read_sampling_result(json_view value,
                                                           std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/sampling.ipp>
#endif
