#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/member_reader.hpp>
#include <mcp/protocol/member_writer.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/revision.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcp {

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
    /// The responses by key, as plain results; nullptr if there are none.
    const json_object* responses = nullptr;
    /// Absent if the server sent no state.
    std::optional<std::string_view> request_state;

    /// Returns the response for `key`, or nullptr if there is none.
    const json* find(std::string_view key) const {
        return responses ? responses->if_contains(key) : nullptr;
    }
};

/// The `resultType` of a result that asks for input.
inline constexpr std::string_view input_required_type = "input_required";

/// Writes a complete result, for modern peers only. `server_info` is that of `begin_result`.
inline void write(json_writer& w, const input_required& value, std::string_view server_info = {}) {
    begin_result(w, latest, server_info, {}, input_required_type);
    if (!value.requests.empty()) {
        w.key("inputRequests");
        w.begin_object();
        for (const input_request& one : value.requests) {
            w.key(one.key);
            w.begin_object();
            w.member("method", one.method);
            write_present_raw(w, "params", one.params);
            w.end_object();
        }
        w.end_object();
    }
    write_present(w, "requestState", value.request_state);
    if (value.of_tool) {
        w.member_raw("content", "[]");
    }
    w.end_object();
}

/// Reads the responses and the state in the params of `tools/call`, `prompts/get` or
/// `resources/read`.
inline result<input_retry, decode_error> read_input_retry(const json_object* params) {
    member_reader r{params};
    input_retry read;
    r.take("inputResponses", read.responses);
    r.take("requestState", read.request_state);
    return r.finish(read);
}

/// Returns whether a result asks for input.
inline bool is_input_required(const json& result_value) {
    const json_object* object = result_value.if_object();
    const json* type = object ? object->if_contains("resultType") : nullptr;
    return type && type->is_string() && type->get_string() == input_required_type;
}

/// Reads the input requests of a server, on the client's side.
inline result<input_required, decode_error> read_input_required(const json& value,
                                                                std::string_view path = {}) {
    member_reader r{value, path};
    input_required read;
    const json_object* requests = nullptr;
    r.take("inputRequests", requests);
    r.take("requestState", read.request_state);
    if (!requests && !read.request_state) {
        r.fail("inputRequests", "is missing");
    }
    if (r.failed() || !requests) {
        return r.finish(std::move(read));
    }
    for (const auto& entry : *requests) {
        member_reader one{entry.value(), entry.key()};
        input_request& request = read.requests.emplace_back();
        const json_object* params = nullptr;
        request.key = std::string_view{entry.key()};
        one.need("method", request.method);
        one.take("params", params);
        if (params) {
            json_writer{request.params}.value(*params);
        }
        if (one.failed()) {
            return one.finish(std::move(read));
        }
    }
    return read;
}

} // namespace mcp
