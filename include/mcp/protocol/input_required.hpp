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

/// Something that a modern server wants to know before it can finish a call
/// [MCP 2026-07-28 basic/patterns/mrtr].
struct input_request {
    input_request() = default;
    input_request(std::string key_, std::string_view method_, std::string params_ = {})
        : key{std::move(key_)}
        , method{method_}
        , params{std::move(params_)} {}

    /// Names the answer; unique in the call.
    std::string key;
    /// `elicitation/create`, `sampling/createMessage` or `roots/list`.
    std::string method;
    /// As JSON text; empty for none.
    std::string params;
};

/// The result that asks: the client gets the answers and sends the same request again, with them
/// and with the state. At least one of the two members must be there.
struct input_required {
    input_required() = default;
    explicit input_required(std::vector<input_request> requests_,
                            std::optional<std::string> state = {})
        : requests{std::move(requests_)}
        , request_state{std::move(state)} {}

    std::vector<input_request> requests;
    /// Comes back byte by byte, from a client that may have changed it: seal it.
    std::optional<std::string> request_state;
    /// Whether it answers `tools/call`. It then has an empty `content`, without which some clients
    /// read no result of a tool. For other methods there is none such, since other clients take
    /// what has `messages` or `contents` for complete.
    bool of_tool = false;
};

/// What a repeated request carries; views into its params.
struct input_retry {
    /// The answers by key, bare results; nullptr if there are none.
    const json_object* responses = nullptr;
    /// Absent if the server gave none.
    std::optional<std::string_view> request_state;

    /// nullptr if that question has not been answered.
    const json* find(std::string_view key) const {
        return responses ? responses->if_contains(key) : nullptr;
    }
};

/// `resultType` of such a result.
inline constexpr std::string_view input_required_type = "input_required";

/// A whole result; `server_info` as in `begin_result`. Only for modern peers.
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

/// The answers and the state in the params of `tools/call`, `prompts/get` or `resources/read`.
inline result<input_retry, decode_error> read_input_retry(const json_object* params) {
    member_reader r{params};
    input_retry read;
    r.take("inputResponses", read.responses);
    r.take("requestState", read.request_state);
    return r.finish(read);
}

/// Whether a result asks for input.
inline bool is_input_required(const json& result_value) {
    const json_object* object = result_value.if_object();
    const json* type = object ? object->if_contains("resultType") : nullptr;
    return type && type->is_string() && type->get_string() == input_required_type;
}

/// What the server asks, for a client.
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
