// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/oauth_messages.hpp>
#include <mcp/encoding/base64.hpp>
#include <mcp/encoding/sha256.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/member.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/value.hpp>
#include <mcp/json/view.hpp>
#include <mcp/json/writer.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Returns whether a text can stand in a header field and in a form: visible ASCII.
inline bool is_credential(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Returns a code that is safe to show: at most 64 characters of names.
inline std::string safe_code(std::string_view code) {
    const bool good = code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                 (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
                      });
    return good ? std::string(code) : "an error of its own";
}

/// Reads a number of seconds, which some servers write as text.
inline std::optional<std::chrono::seconds> read_seconds(json_view value) {
    if (!value)
        return std::nullopt;
    std::optional<std::int64_t> number;
    if (value.is_number())
        number = value.to_int64();
    else if (const auto text = value.if_string()) {
        std::int64_t read = 0;
        const auto end = std::from_chars(text->data(), text->data() + text->size(), read);
        if (end.ec == std::errc() && end.ptr == text->data() + text->size())
            number = read;
    }
    if (!number || *number < 0)
        return std::nullopt;
    return std::chrono::seconds(std::min<std::int64_t>(*number, 253'402'300'799)); // the year 9999
}

MCP_DECL form_body& form_body::add(std::string_view name, std::string_view value) {
    if (!value.empty())
        text_.append(text_.empty() ? "" : "&")
            .append(name)
            .append("=")
            .append(http::form_encode(value));
    return *this;
}

MCP_DECL std::string token_method(const std::vector<std::string>& supported,
                                  std::string_view registered, bool has_secret) {
    const auto has = [&](std::string_view name) {
        return std::find(supported.begin(), supported.end(), name) != supported.end();
    };
    if (registered == "none" || !has_secret)
        return "none";
    if (registered == "client_secret_basic" || registered == "client_secret_post")
        return std::string(registered);
    const bool only_post = !has("client_secret_basic") && has("client_secret_post");
    return only_post ? "client_secret_post" : "client_secret_basic";
}

MCP_DECL std::string registration_body(const client_description& client) {
    std::string text;
    json_writer w(text);
    const auto member = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            w.member(name, std::string_view(value));
    };
    const auto list = [&](std::string_view name, std::vector<std::string_view> values) {
        w.key(name);
        w.begin_array();
        for (const std::string_view each : values)
            w.value(each);
        w.end_array();
    };
    w.begin_object();
    member("client_name", client.name);
    member("client_uri", client.website);
    member("software_id", client.software_id);
    member("software_version", client.software_version);
    list("redirect_uris", {client.redirect_uri});
    list("grant_types", {"authorization_code", "refresh_token"});
    list("response_types", {"code"});
    member("token_endpoint_auth_method", client.method);
    member("application_type", client.redirect_uri.starts_with("https:") ? "web" : "native");
    w.end_object();
    return text;
}

MCP_DECL document_result<client_identity> read_registration(std::string_view text) {
    const auto document = parse_json(text);
    if (!document || !document->is_object())
        return {{}, "is not a JSON object"};
    const json_view members(*document);
    client_identity out;
    out.id = find_member(members, "client_id").if_string().value_or("");
    out.secret = find_member(members, "client_secret").if_string().value_or("");
    out.method = find_member(members, "token_endpoint_auth_method").if_string().value_or("");
    const auto end = read_seconds(find_member(members, "client_secret_expires_at"));
    if (end && end->count() != 0)
        out.expires = std::chrono::sys_seconds(*end);
    if (out.id.empty())
        return {{}, "has no client_id"};
    return {std::move(out), {}};
}

MCP_DECL std::string error_code(std::string_view text) {
    const auto document = parse_json(text);
    if (!document)
        return {};
    const auto code = find_member(json_view(*document), "error").if_string();
    return code ? safe_code(*code) : std::string();
}

MCP_DECL std::string s256_challenge(std::string_view verifier) {
    const sha256_digest digest = sha256(verifier);
    return to_base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

MCP_DECL std::string with_query(std::string_view url, std::string_view query) {
    std::string out(url.substr(0, url.find('#')));
    if (out.find('?') == out.npos)
        out += '?';
    else if (!out.ends_with('?') && !out.ends_with('&'))
        out += '&';
    return out.append(query);
}

MCP_DECL redirect_reply read_redirect(std::string_view query, std::string_view state,
                                      const authorization_server& server) {
    const auto returned = http::query_value(query, "state");
    if (!returned || !same_digest(sha256(*returned), sha256(state)))
        return {{}, {}, "the redirect does not belong to this request: its state is another"};
    const auto issuer = http::query_value(query, "iss");
    if (!issuer && server.sends_issuer)
        return {{}, {}, "the redirect does not name its issuer, which the server always does"};
    if (issuer && *issuer != server.issuer)
        return {{}, {}, "the redirect comes from another issuer"};
    if (const auto error = http::query_value(query, "error"))
        return {{}, error->empty() ? "an error" : safe_code(*error), {}};
    const auto code = http::query_value(query, "code");
    if (!code || code->empty())
        return {{}, {}, "the redirect has no code"};
    return {*code, {}, {}};
}

MCP_DECL token_reply read_token_reply(bool success, std::string_view text) {
    const auto document = parse_json(text);
    token_reply out;
    if (!document || !document->is_object()) {
        out.fault = "its response is not a JSON object";
        return out;
    }
    const json_view members(*document);
    // Some servers report errors with status 200.
    if (const auto error = find_member(members, "error").if_string(); error && !error->empty())
        out.error = safe_code(*error);
    else if (!success)
        out.fault = "its response is an error without a code";
    if (!out.error.empty() || !out.fault.empty())
        return out;
    const auto type = find_member(members, "token_type").if_string();
    if (type && !http::iequals(*type, "bearer")) {
        out.fault = "its token is not a bearer token";
        return out;
    }
    out.access_token = find_member(members, "access_token").if_string().value_or("");
    out.refresh_token = find_member(members, "refresh_token").if_string().value_or("");
    out.scope = find_member(members, "scope").if_string().value_or("");
    out.lifetime = read_seconds(find_member(members, "expires_in"));
    if (out.lifetime)
        out.lifetime = std::min<std::chrono::seconds>(*out.lifetime, std::chrono::years(10));
    if (!is_credential(out.access_token))
        out.fault = "its response has no access_token that can be sent";
    return out;
}

} // namespace mcp::detail
