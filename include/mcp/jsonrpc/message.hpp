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

/// One JSON-RPC message, as a view: `method`, `params` and `result` point into the JSON value that
/// it was read from, and live as long as that does.
struct message {
    message_kind kind = message_kind::notification;
    /// Absent in a notification, and in an error whose request could not be read.
    jsonrpc::id id;
    /// Of a request or notification.
    std::string_view method;
    /// Of a request or notification; nullptr if it has none.
    const json_object* params = nullptr;
    /// Of a result.
    const json* result = nullptr;
    /// Of an error.
    jsonrpc::error error;
};

/// Takes a parsed message apart. What is no message, by JSON-RPC 2.0 or by what MCP makes of it
/// (params are an object, ids are strings or integers), gives an `invalid_request` error;
/// `is_answered` and `failed_response` say what to do then. Members that JSON-RPC does not know are
/// ignored.
///
/// A null member beside its partner is absent: many serialisers write `"error":null` beside a
/// result. `"params":null` and `"params":[]` are no parameters. `"id":null` is an error, except in
/// a notification of MCP, which has no id.
inline result<message, error> read_message(const json& value);

/// Whether the sender of a refused message is told: yes if it is a request, or nothing that is
/// known. Never if it is a notification or a response, which is what has an id and no method:
/// nobody waits for an answer, and one under its id would pass for the answer to a request of the
/// sender. [JSON-RPC 2.0 §4.1, §6]
inline bool is_answered(const json& value);

/// The id under which a refused message is answered; absent if it is no request, or has none that
/// can be read.
inline id readable_id(const json& value);

/// The error response that a malformed response stands for, so that who waits for it need not wait
/// any longer; `why` is what is wrong with it. Nothing if `value` is a call, or its id cannot be
/// read.
inline std::optional<json> failed_response(const json& value, const error& why);

/// What stands for an id that could not be read.
enum class unknown_id : std::uint8_t {
    omitted, ///< no `id` at all [MCP 2025-11-25 and later]
    null,    ///< `"id":null` [JSON-RPC 2.0 §5]
};

/// Appends all that stands before the result; the result and `end_response` follow. So a result can
/// be written in place, without a copy.
inline void begin_response(std::string& out, const id& request) {
    out.append(R"({"jsonrpc":"2.0","id":)").append(request.text()).append(R"(,"result":)");
}
inline void end_response(std::string& out) {
    out.push_back('}');
}

/// Appends the answer to `request`; `result_text` is JSON text.
inline void write_response(std::string& out, const id& request, std::string_view result_text) {
    begin_response(out, request);
    out.append(result_text);
    end_response(out);
}

/// Appends an error answer; an absent `request` is written as `rule` says.
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
        // From the program: text that is no JSON would take the whole message with it.
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

/// A notification is told from a request whose id is null by the names that MCP gives them.
inline bool has_id(const json_object& object, const json& method) {
    const json* member = object.if_contains("id");
    return member && !(member->is_null() && method.is_string() &&
                       method.get_string().starts_with("notifications/"));
}

/// A sentence if the error member is malformed, else nullptr.
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

/// A sentence if the call (request or notification) is malformed, else nullptr.
inline const char* read_call(const json_object& object, const json& method, message& into) {
    if (!method.is_string()) {
        return "method must be a string";
    }
    into.method = method.get_string();
    if (find_member(&object, "result") || find_member(&object, "error")) {
        return "a message has either method, result or error";
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

/// A sentence if the answer (result or error) is malformed, else nullptr.
inline const char* read_answer(const json_object& object, message& into) {
    const json* failure = find_member(&object, "error");
    into.result = failure ? find_member(&object, "result") : object.if_contains("result");
    if ((failure != nullptr) == (into.result != nullptr)) {
        return "a message has either method, result or error";
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
