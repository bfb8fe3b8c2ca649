// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/http_transport.hpp>: requests, redirects, authorization and refusals.

#include <mcp/client/impl/http_link.hpp>
#include <mcp/client/impl/http_texts.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/revision.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

inline constexpr std::string_view json_type = "application/json";
inline constexpr std::string_view events_type = "text/event-stream";
inline constexpr std::string_view closed_text = "the client has closed the connection";

inline bool same_site(const http::web_url& a, const http::web_url& b) {
    return a.site.scheme == b.site.scheme && a.site.host == b.site.host &&
           a.site.port == b.site.port;
}

inline std::string_view type_of(const http::client_response& response) {
    return response.header("content-type").value_or(std::string_view());
}

inline int status_of(const http::client_response& response) {
    return static_cast<int>(response.code);
}

/// Returns whether a server may get a request twice: it changes nothing. [RFC 9110 §9.2.2]
inline bool is_repeatable(std::string_view method) {
    return method != "tools/call" && !method.starts_with("tasks/");
}

inline http::client_timeouts http_link::timeouts(std::chrono::milliseconds total) const {
    http::client_timeouts out;
    out.connect = options_.connect_timeout;
    out.read = options_.idle_timeout;
    out.total = total;
    return out;
}

inline void http_link::add_legacy_fields(http::client_request& to, revision under) const {
    if (!session_.empty())
        to.set(header::session_id, session_);
    if (has_version_header(under))
        to.set(header::protocol_version, to_string(under));
}

inline http::client_request http_link::post(outgoing_request& request) const {
    const bool modern = is_modern(request.revision);
    static_assert(is_legacy(latest_legacy) && latest == revision::v2026_07_28,
                  "a second modern revision needs a header field of its own");
    http::client_request out(modern ? modern_post_ : post_);
    if (modern) {
        out.set(header::method, request.method);
        if (!request.name.empty())
            out.set(header::name, encode_header_value(request.name));
        for (const auto& [name, value] : request.parameters)
            out.set(name, encode_header_value(value));
    } else if (request.method != "initialize") {
        add_legacy_fields(out, request.revision);
    }
    out.body = std::move(request.body);
    out.repeatable = is_repeatable(request.method);
    out.timeouts = timeouts(request.timeout);
    return out;
}

inline void http_link::keep_session(const http::client_response& response, http_call call) {
    constexpr std::size_t longest = 1024;
    const std::string_view id = response.header(header::session_id).value_or(std::string_view());
    const bool visible =
        std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 127; });
    if (!visible || id.size() > longest)
        throw error(transport_failure::bad_message, call,
                    "the session id of the server is not valid");
    session_ = id;
}

/// Sends a request and returns the response. Follows redirects, and lets the authorizer deal with
/// challenges.
inline asio::awaitable<http::client_stream> http_link::exchange(http::client_request request,
                                                                http_call call) {
    constexpr unsigned most_challenges = 3;
    unsigned challenges = 0;
    unsigned redirects = 0;
    authorizer* const authorization = options_.authorization.get();
    while (true) {
        http::client_request sent(request);
        std::string value;
        if (authorization != nullptr)
            value = co_await authorization->authorization(url_);
        if (!value.empty())
            sent.set("Authorization", value);
        authorization_ = value;
        std::optional<http::client_stream> opened;
        try {
            opened.emplace(co_await client_->open(std::move(sent)));
        } catch (const http::client_error& failure) {
            throw error(failure, call);
        }
        if (receiver_ == nullptr)
            throw error(transport_failure::closed, call, closed_text);
        http::client_stream response = *std::move(opened);
        const http::client_response& head = response.head();
        const int status = status_of(head);
        if (status < 300)
            co_return response;
        if (status == 307 || status == 308) {
            if (++redirects > options_.redirects)
                throw error(transport_failure::http_status, call, "the server redirects too often",
                            status);
            request.url = redirected(head, request.url, call);
            release(std::move(response));
            continue;
        }
        authorization_challenge challenge{url_, status, {}, std::move(value)};
        for (const http::field& each : head.headers)
            if (http::iequals(each.name, "www-authenticate"))
                challenge.authenticate.emplace_back(each.value);
        const bool is_challenge =
            status == 401 ||
            (status == 403 &&
             std::any_of(challenge.authenticate.begin(), challenge.authenticate.end(),
                         [](const std::string& each) {
                             return each.find("insufficient_scope") != std::string::npos;
                         }));
        if (!is_challenge || (status == 403 && authorization == nullptr))
            co_return response;
        bool again = authorization != nullptr && ++challenges <= most_challenges;
        const transport_error refused =
            error(transport_failure::unauthorized, call, status_text(head, {}), status);
        release(std::move(response));
        if (again)
            again = co_await authorization->challenged(std::move(challenge));
        if (!again)
            throw refused;
    }
}

/// Returns where a redirect leads.
inline std::string http_link::redirected(const http::client_response& response,
                                         const std::string& from, http_call call) const {
    const int status = status_of(response);
    const auto location = response.header("location");
    const auto to = location ? http::resolve_url(from, *location) : std::nullopt;
    const auto parts = to ? http::parse_web_url(*to) : std::nullopt;
    if (!parts)
        throw error(transport_failure::http_status, call, "the server redirects to no valid URL",
                    status);
    if (!same_site(*parts, *parts_))
        throw error(transport_failure::http_status, call,
                    "the server redirects to another origin, " + parts->site.scheme + "://" +
                        parts->host + ", which the client does not follow",
                    status);
    return *to;
}

inline asio::awaitable<std::string> http_link::read_body(http::client_stream& from,
                                                         http_call call) {
    const open_stream guard(streams_, from);
    std::string body;
    bool more = true;
    try {
        while (more) {
            more = co_await from.read(body);
            if (body.size() > options_.message_bytes)
                throw error(transport_failure::too_large, call, "the response is too large");
        }
    } catch (const http::client_error& failure) {
        throw error(failure, call);
    }
    co_return body;
}

inline asio::awaitable<std::optional<http_refusal>> http_link::refusal(http::client_stream response,
                                                                       http_call call) {
    const http::client_response head = response.head();
    const bool is_json = http::is_media(type_of(head), json_type);
    const int status = status_of(head);
    if (status == 404 && call.in_session) {
        release(std::move(response));
        co_return http_refusal{error(transport_failure::session_ended, call,
                                     "the server does not know the session (any more)", status)};
    }
    std::string body;
    if (is_json || http::is_media(type_of(head), "text/plain"))
        body = co_await read_body(response, call);
    else
        release(std::move(response));
    bool is_jsonrpc = false;
    if (is_json && call.to != nullptr) {
        const json outline = jsonrpc::read_outline(body);
        is_jsonrpc = outline.is_object() && outline.get_object().contains("result");
        if (is_jsonrpc)
            call.to->receive(body);
        if (call.to->done())
            co_return std::nullopt;
    }
    http_refusal out{error(transport_failure::http_status, call, status_text(head, body), status),
                     is_jsonrpc};
    co_return out;
}

} // namespace mcp::detail
