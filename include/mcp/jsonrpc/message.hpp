#pragma once

#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

enum class message_kind : std::uint8_t { request, notification, result, error };

/// A view of a JSON-RPC message. `method`, `params` and `result` point into the JSON value that was
/// read, and are valid as long as it is.
struct message {
    message_kind kind = message_kind::notification;
    /// Absent in a notification, and in an error whose request could not be read.
    jsonrpc::id id;
    /// Set for a request or notification.
    std::string_view method;
    /// Set for a request or notification; nullptr if it has none.
    const json_object* params = nullptr;
    /// Set for a result.
    const json* result = nullptr;
    /// Set for an error.
    jsonrpc::error error;
};

/// Reads a parsed message. Returns an `invalid_request` error if the value is not a message under
/// JSON-RPC 2.0 and the rules of MCP (params are an object, ids are strings or integers).
/// `is_answered` and `failed_response` then say how to proceed. Members that JSON-RPC does not
/// define are ignored.
///
/// A null `error` beside a result, or the reverse, counts as absent, since many serialisers write
/// `"error":null`. `"params":null` and `"params":[]` are no parameters. `"id":null` is an error,
/// except in a notification of MCP, which has no id.
inline result<message, error> read_message(const json& value);

/// Returns whether a refused message gets an error response. A request and an unrecognisable
/// message do. A notification does not. A response, which has no method but an id, a result or an
/// error, does not either: its sender waits for nothing, and would take an error with that id for
/// the response to a request of its own. [JSON-RPC 2.0 §4.1, §6]
inline bool is_answered(const json& value);

/// Returns the id for the response to a refused message. It is absent if the message is not a
/// request or its id cannot be read.
inline id readable_id(const json& value);

/// Returns the error response that replaces a malformed response, so that the waiting requester
/// stops waiting; `why` is the fault. Returns nullopt if `value` is a request or notification, or
/// its id cannot be read.
inline std::optional<json> failed_response(const json& value, const error& why);

/// How to write an id that could not be read.
enum class unknown_id : std::uint8_t {
    omitted, ///< no `id` at all [MCP 2025-11-25 and later]
    null,    ///< `"id":null` [JSON-RPC 2.0 §5]
};

/// Appends the part of a response before the result. The result and `end_response` follow, so that
/// the result can be written in place, without a copy.
inline void begin_response(std::string& out, const id& request) {
    out.append(R"({"jsonrpc":"2.0","id":)").append(request.text()).append(R"(,"result":)");
}
inline void end_response(std::string& out) {
    out.push_back('}');
}

/// Appends the response to `request`; `result_text` is JSON text.
inline void write_response(std::string& out, const id& request, std::string_view result_text) {
    begin_response(out, request);
    out.append(result_text);
    end_response(out);
}

/// Appends an error response; `rule` says how to write an absent `request`.
inline void write_error(std::string& out, const id& request, const error& why,
                        unknown_id rule = unknown_id::omitted) {
    json_writer w{out};
    w.begin_object();
    w.member("jsonrpc", "2.0");
    if (request || rule == unknown_id::null) {
        w.member_raw("id", request ? request.text() : "null");
    }
    w.key("error");
    w.begin_object();
    w.member("code", why.code);
    w.member("message", why.message);
    if (!why.data.empty()) {
        // The program supplies `data`; text that is not JSON would invalidate the whole message.
        if (parse_json(why.data, own_json_limits)) {
            w.member_raw("data", why.data);
        } else {
            w.member("data", why.data);
        }
    }
    w.end_object();
    w.end_object();
}

/// Appends a request; `params_text` is a JSON object, or empty for none.
inline void write_request(std::string& out, const id& request, std::string_view method,
                          std::string_view params_text = {}) {
    json_writer w{out};
    w.begin_object();
    w.member("jsonrpc", "2.0");
    if (request) {
        w.member_raw("id", request.text());
    }
    w.member("method", method);
    if (!params_text.empty()) {
        w.member_raw("params", params_text);
    }
    w.end_object();
}

/// Appends a notification; `params_text` is a JSON object, or empty for none.
inline void write_notification(std::string& out, std::string_view method,
                               std::string_view params_text = {}) {
    write_request(out, id{}, method, params_text);
}

namespace detail {

/// Uses the method name to tell a notification of MCP from a request whose id is null.
inline bool has_id(const json_object& object, const json& method) {
    const json* member = object.if_contains("id");
    return member && !(member->is_null() && method.is_string() &&
                       method.get_string().starts_with("notifications/"));
}

/// Returns the fault in a malformed error member, or nullptr.
inline const char* read_error_member(const json& value, error& into) {
    const auto* object = value.if_object();
    if (!object) {
        return "error must be an object";
    }
    const json* code = find_member(object, "code");
    const json* text = find_member(object, "message");
    boost::system::error_code fraction;
    const auto number = code && code->is_number() ? code->to_number<int>(fraction) : 0;
    if (!code || !code->is_number() || fraction) {
        return "error.code must be an integer";
    }
    if (!text || !text->is_string()) {
        return "error.message must be a string";
    }
    into.code = number;
    into.message = std::string_view{text->get_string()};
    if (const json* data = find_member(object, "data")) {
        json_writer{into.data}.value(*data);
    }
    return nullptr;
}

/// Returns the fault in a malformed request or notification, or nullptr.
inline const char* read_call(const json_object& object, const json& method, message& into) {
    if (!method.is_string()) {
        return "method must be a string";
    }
    into.method = method.get_string();
    if (find_member(&object, "result") || find_member(&object, "error")) {
        return "a message must have exactly one of method, result and error";
    }
    if (const json* params = find_member(&object, "params")) {
        into.params = find_members(*params);
        if (!into.params) {
            return "params must be an object";
        }
    }
    if (has_id(object, method)) {
        auto read = id::from(*object.if_contains("id"));
        if (!read) {
            return "id must be a string or an integer";
        }
        into.id = *std::move(read);
        into.kind = message_kind::request;
    }
    return nullptr;
}

/// Returns the fault in a malformed response (result or error), or nullptr.
inline const char* read_answer(const json_object& object, message& into) {
    const json* failure = find_member(&object, "error");
    into.result = failure ? find_member(&object, "result") : object.if_contains("result");
    if ((failure != nullptr) == (into.result != nullptr)) {
        return "a message must have exactly one of method, result and error";
    }
    into.kind = failure ? message_kind::error : message_kind::result;
    if (failure) {
        if (const char* why = read_error_member(*failure, into.error)) {
            return why;
        }
    }
    const json* member = find_member(&object, "id");
    if (failure && !member) {
        return nullptr;
    }
    auto read = member ? id::from(*member) : std::nullopt;
    if (!read) {
        return "id must be a string or an integer";
    }
    into.id = *std::move(read);
    return nullptr;
}

} // namespace detail

inline bool is_answered(const json& value) {
    const auto* object = value.if_object();
    if (const json* method = find_member(object, "method")) {
        return detail::has_id(*object, *method);
    }
    return !find_member(object, "id") && !find_member(object, "result") &&
           !find_member(object, "error");
}

inline id readable_id(const json& value) {
    const json* method = find_member(value.if_object(), "method");
    const json* member = method ? find_member(value.if_object(), "id") : nullptr;
    return member ? id::from(*member).value_or(id{}) : id{};
}

inline std::optional<json> failed_response(const json& value, const error& why) {
    const auto* object = value.if_object();
    const json* member = find_member(object, "id");
    if (!member || !id::from(*member) || find_member(object, "method")) {
        return std::nullopt;
    }
    const std::string text = "the response is malformed: " + why.message;
    return json{
        {"jsonrpc", "2.0"}, {"id", *member}, {"error", {{"code", why.code}, {"message", text}}}};
}

inline result<message, error> read_message(const json& value) {
    const auto refuse = [](const char* why) { return error{errc::invalid_request, why}; };
    const auto* object = value.if_object();
    if (!object) {
        return refuse("a message must be an object");
    }
    const json* version = object->if_contains("jsonrpc");
    if (!version || !version->is_string() || version->get_string() != "2.0") {
        return refuse("jsonrpc must be \"2.0\"");
    }
    message read;
    const json* method = find_member(object, "method");
    const char* why =
        method ? detail::read_call(*object, *method, read) : detail::read_answer(*object, read);
    if (why) {
        return refuse(why);
    }
    return read;
}

} // namespace mcp::jsonrpc
