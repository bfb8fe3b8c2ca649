// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/decode_error.hpp>
#include <mcp/json/view.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

class json_writer;

/// Input that a modern server needs before it can finish a call
/// [MCP 2026-07-28 basic/patterns/mrtr].
struct input_request {
    input_request() = default;
    input_request(std::string key_, std::string_view method_, std::string params_ = {})
        : key{std::move(key_)}
        , method{method_}
        , params{std::move(params_)} {}

    /// Identifies the response to this request; unique within the call.
    std::string key;
    /// `elicitation/create`, `sampling/createMessage` or `roots/list`.
    std::string method;
    /// JSON text; empty if absent.
    std::string params;
};

/// A result that asks for input. The client collects the responses and sends the request again,
/// with the responses and the state. At least one of `requests` and `request_state` must be set.
struct input_required {
    input_required() = default;
    explicit input_required(std::vector<input_request> requests_,
                            std::optional<std::string> state = {})
        : requests{std::move(requests_)}
        , request_state{std::move(state)} {}

    std::vector<input_request> requests;
    /// The client returns it unchanged, unless it tampers with it: seal it.
    std::optional<std::string> request_state;
    /// Whether this is the result of `tools/call`. If so, it has an empty `content`, since some
    /// clients cannot read a tool result without it. The results of other methods have no such
    /// member, since some clients take a result with `messages` or `contents` as complete.
    bool of_tool = false;
};

/// The input members of a repeated request. The views point into its params.
struct input_retry {
    /// The responses by key, as plain results.
    json_view responses;
    /// Absent if the server sent no state.
    std::optional<std::string_view> request_state;

    /// Returns the response for `key`; absent if there is none.
    json_view find(std::string_view key) const { return responses.find(key); }
};

/// The `resultType` of a result that asks for input.
inline constexpr std::string_view input_required_type = "input_required";

/// Writes a complete result, for modern peers only. `server_info` is that of `begin_result`.
void write(json_writer& w, const input_required& value, std::string_view server_info = {});

/// Reads the responses and the state in the params of `tools/call`, `prompts/get` or
/// `resources/read`.
result<input_retry, decode_error> read_input_retry(json_view params);

/// Returns whether a result asks for input.
bool is_input_required(json_view result_value);

/// Reads the input requests of a server, on the client's side.
result<input_required, decode_error> read_input_required(json_view value,
                                                         std::string_view path = {});

} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/protocol/impl/input_required.ipp>
#endif
