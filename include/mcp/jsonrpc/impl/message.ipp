// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/limits.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::jsonrpc {

MCP_DECL void write_error(std::string& out, const id& request, const error& why, unknown_id rule) {
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

MCP_DECL void write_request(std::string& out, const id& request, std::string_view method,
                            std::string_view params_text) {
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

MCP_DECL void write_notification(std::string& out, std::string_view method,
                                 std::string_view params_text) {
    write_request(out, id{}, method, params_text);
}

namespace detail {

/// Uses the method name to tell a notification of MCP from a request whose id is null.
inline bool has_id(json_view object, json_view method) {
    const json_view member = object.find("id");
    return member && !(member.is_null() && method.is_string() &&
                       method.get_string().starts_with("notifications/"));
}

/// Returns the fault in a malformed error member, or nullptr.
inline const char* read_error_member(json_view value, error& into) {
    if (!value.is_object()) {
        return "error must be an object";
    }
    const json_view code = find_member(value, "code");
    const auto text = find_member(value, "message").if_string();
    const auto number = code ? code.to_int64() : std::nullopt;
    if (!number || !std::in_range<int>(*number)) {
        return "error.code must be an integer";
    }
    if (!text) {
        return "error.message must be a string";
    }
    into.code = static_cast<int>(*number);
    into.message = *text;
    if (const json_view data = find_member(value, "data")) {
        json_writer{into.data}.value(data);
    }
    return nullptr;
}

/// Returns the fault in a malformed request or notification, or nullptr.
inline const char* read_call(json_view object, json_view method, message& into) {
    if (!method.is_string()) {
        return "method must be a string";
    }
    into.method = method.get_string();
    if (find_member(object, "result") || find_member(object, "error")) {
        return "a message must have exactly one of method, result and error";
    }
    if (const json_view params = find_member(object, "params")) {
        into.params = find_members(params);
        if (!into.params) {
            return "params must be an object";
        }
    }
    if (has_id(object, method)) {
        auto read = id::from(object.find("id"));
        if (!read) {
            return "id must be a string or an integer";
        }
        into.id = *std::move(read);
        into.kind = message_kind::request;
    }
    return nullptr;
}

/// Returns the fault in a malformed response (result or error), or nullptr.
inline const char* read_answer(json_view object, message& into) {
    const json_view failure = find_member(object, "error");
    into.result = failure ? find_member(object, "result") : object.find("result");
    if (bool(failure) == bool(into.result)) {
        return "a message must have exactly one of method, result and error";
    }
    into.kind = failure ? message_kind::error : message_kind::result;
    if (failure) {
        if (const char* why = read_error_member(failure, into.error)) {
            return why;
        }
    }
    const json_view member = find_member(object, "id");
    if (failure && !member) {
        return nullptr;
    }
    auto read = member ? id::from(member) : std::nullopt;
    if (!read) {
        return "id must be a string or an integer";
    }
    into.id = *std::move(read);
    return nullptr;
}

} // namespace detail

MCP_DECL bool is_answered(json_view value) {
    if (const json_view method = find_member(value, "method")) {
        return detail::has_id(value, method);
    }
    return !find_member(value, "id") && !find_member(value, "result") &&
           !find_member(value, "error");
}

MCP_DECL id readable_id(json_view value) {
    const json_view method = find_member(value, "method");
    const json_view member = method ? find_member(value, "id") : json_view{};
    return member ? id::from(member).value_or(id{}) : id{};
}

MCP_DECL std::optional<json> failed_response(json_view value, const error& why) {
    const json_view member = find_member(value, "id");
    if (!member || !id::from(member) || find_member(value, "method")) {
        return std::nullopt;
    }
    const std::string text = "the response is malformed: " + why.message;
    return json{{"jsonrpc", "2.0"},
                {"id", member.to_json()},
                {"error", {{"code", why.code}, {"message", text}}}};
}

MCP_DECL result<message, error> read_message(json_view value) {
    const auto refuse = [](const char* why) { return error{errc::invalid_request, why}; };
    if (!value || !value.is_object()) {
        return refuse("a message must be an object");
    }
    if (value.find("jsonrpc").if_string() != "2.0") {
        return refuse("jsonrpc must be \"2.0\"");
    }
    message read;
    const json_view method = find_member(value, "method");
    const char* why =
        method ? detail::read_call(value, method, read) : detail::read_answer(value, read);
    if (why) {
        return refuse(why);
    }
    return read;
}

} // namespace mcp::jsonrpc
