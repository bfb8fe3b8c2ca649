#pragma once

#include <mcp/json/value.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/result.hpp>

#include <cstdint>
#include <limits>
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
/// (params are an object, ids are strings or integers), gives an `invalid_request` error; answer
/// with `readable_id` of the same value. Members that JSON-RPC does not know are ignored.
inline result<message, error> read_message(const json& value);

/// The id of a refused message if it can be read, else an absent one.
inline id readable_id(const json& value) {
    const auto* object = value.if_object();
    const json* member = object ? object->if_contains("id") : nullptr;
    return member ? id::from(*member).value_or(id{}) : id{};
}

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
        w.member_raw("data", why.data);
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

/// A sentence if the error member is malformed, else nullptr.
inline const char* read_error_member(const json& value, error& into) {
    const auto* object = value.if_object();
    if (!object) {
        return "error must be an object";
    }
    const json* code = object->if_contains("code");
    const json* text = object->if_contains("message");
    if (!code || !code->is_int64() || code->get_int64() < std::numeric_limits<int>::min() ||
        code->get_int64() > std::numeric_limits<int>::max()) {
        return "error.code must be an integer";
    }
    if (!text || !text->is_string()) {
        return "error.message must be a string";
    }
    into.code = static_cast<int>(code->get_int64());
    into.message = std::string_view{text->get_string()};
    if (const json* data = object->if_contains("data")) {
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
    if (object.contains("result") || object.contains("error")) {
        return "a message has either method, result or error";
    }
    if (const json* params = object.if_contains("params")) {
        into.params = params->if_object();
        if (!into.params) {
            return "params must be an object";
        }
    }
    if (const json* member = object.if_contains("id")) {
        auto read = id::from(*member);
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
    const json* failure = object.if_contains("error");
    into.result = object.if_contains("result");
    if ((failure != nullptr) == (into.result != nullptr)) {
        return "a message has either method, result or error";
    }
    into.kind = failure ? message_kind::error : message_kind::result;
    if (failure) {
        if (const char* why = read_error_member(*failure, into.error)) {
            return why;
        }
    }
    const json* member = object.if_contains("id");
    if (failure && (!member || member->is_null())) {
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
    const json* method = object->if_contains("method");
    const char* why =
        method ? detail::read_call(*object, *method, read) : detail::read_answer(*object, read);
    if (why) {
        return refuse(why);
    }
    return read;
}

} // namespace mcp::jsonrpc
