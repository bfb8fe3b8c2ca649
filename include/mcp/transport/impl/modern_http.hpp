// SPDX-License-Identifier: MIT
#pragma once

// The modern part of the HTTP endpoint: the checks of a request, and listen streams.
// [MCP 2026-07-28 basic/transports/streamable-http]

#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/registry.hpp>
#include <mcp/transport/impl/http_calls.hpp>
#include <mcp/transport/impl/http_endpoint.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/listen.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

inline asio::awaitable<void> streamable_http::endpoint::post_modern(http_exchange& x,
                                                                    json_view body) {
    const http::fields& headers = x.request.headers;
    http::response& r = x.response;
    const auto refuse_now = [&](const jsonrpc::error& why, const jsonrpc::id& id) {
        refuse(r, http::status::bad_request, why, id);
        return done();
    };
    const auto message = jsonrpc::read_message(body);
    if (!message)
        return refuse_now(message.error(), jsonrpc::readable_id(body));
    if (message->kind != jsonrpc::message_kind::request &&
        message->kind != jsonrpc::message_kind::notification)
        return refuse_now(invalid_request("A client may send only requests and notifications"), {});

    if (const auto no = refuse_handshake(*message))
        return refuse_now(*no, message->id);
    const auto meta = read_request_meta(message->params);
    if (!meta)
        return refuse_now(invalid_params(meta.error().what()), message->id);
    const bool notification = message->kind == jsonrpc::message_kind::notification;
    const auto named = headers.find(header::protocol_version);
    std::string_view version = meta->protocol_version;
    if (version.empty()) // the header counts until the body is known to be required
        version = named.value_or(to_string(latest));
    if (!server_.options().modern)
        return refuse_now(unsupported_protocol_version(version, {}), message->id);
    const auto revision = parse_revision(version);
    const bool served = revision && is_modern(*revision);
    // Reports missing members of the body only to clients of a revision that is served.
    if (meta->protocol_version.empty() && named && !served)
        return refuse_now(unsupported_protocol_version(version), message->id);
    if (const auto missing = check_modern_meta(*meta); missing && !notification)
        return refuse_now(*missing, message->id);
    // Reports a mismatch between header and body before an unsupported revision.
    if (named && *named != version)
        return refuse_now(header_mismatch("MCP-Protocol-Version differs from params._meta"),
                          message->id);
    if (!served)
        return refuse_now(unsupported_protocol_version(version), message->id);
    if (notification) {
        r.code = http::status::accepted;
        return done();
    }
    const catalog_pin offers = server_.offers();
    const request_view request = x.view(*message, *revision, *offers);
    const auto name = mcp_name(request.method, request.params);
    if (const auto wrong = check_headers(headers, request, name))
        return refuse_now(*wrong, message->id);
    if (const auto wrong = check_param_headers(headers, request, name))
        return refuse_now(*wrong, message->id);

    const bool listens = message->method == "subscriptions/listen";
    const auto form = accepted_form(headers);
    if (!form || (listens && *form == reply_form::body)) {
        refuse(r, http::status::not_acceptable,
               {jsonrpc::errc::invalid_request,
                listens ? "Accept must list text/event-stream"
                        : "Accept must list application/json and text/event-stream"},
               message->id);
        return done();
    }
    if (listens) {
        auto filter = read_filter(message->params, server_.options().subscriptions);
        if (!filter) {
            refuse(r, http::status::ok, filter.error(), message->id);
            return done();
        }
        return listen(x, message->id, std::move(*filter));
    }
    x.form = *form;
    return serve(x, request);
}

inline asio::awaitable<void> streamable_http::endpoint::serve(const http_exchange& x,
                                                              const request_view& request) {
    auto later = calls_.answer_now(x, request);
    if (!later)
        return done();
    auto call = std::make_shared<async_call>(server_, request, std::move(*later));
    auto closed = calls_.with(call, &async_call::cancel); // closing the stream cancels the request
    auto reply = calls_.open_reply(x.form, closed);
    return calls_.run(x, std::move(call), std::move(reply), std::move(closed));
}

/// Answers a listen request. [MCP 2026-07-28 basic/patterns/subscriptions]
inline asio::awaitable<void> streamable_http::endpoint::listen(http_exchange x, jsonrpc::id id,
                                                               subscription_filter filter) {
    std::shared_ptr<void> place;
    if (options_.listen_streams != SIZE_MAX) {
        place = listens_->take(gate_.limit_key(x.request, x.principal), options_.listen_streams);
        if (!place) {
            refuse_for_now(x.response,
                           "At most " + std::to_string(options_.listen_streams) +
                               " listen streams may be open at once",
                           1, id);
            co_return;
        }
    }
    std::unique_ptr<listen_stream> stream;
    try {
        filter = co_await honoured(server_, x.principal, std::move(filter), &x.request.params);
        stream = std::make_unique<listen_stream>(server_, std::move(id), std::move(filter),
                                                 std::move(place));
        co_await stream->begin();
    } catch (const unavailable& e) {
        refuse_unavailable(x.response, e);
        co_return;
    }
    stream_headers(x.response);
    x.response.stream = std::move(stream);
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_headers(const http::fields& headers, const request_view& request,
                                         std::optional<std::string_view> wanted) {
    // With a repeated header, the value that a proxy or gateway has checked is unknown.
    for (const std::string_view each : {header::protocol_version, header::method, header::name})
        if (headers.count(each) > 1)
            return header_mismatch(std::string(each) + " is repeated");
    if (!headers.find(header::protocol_version))
        return header_mismatch("MCP-Protocol-Version is missing");
    const auto method = headers.find(header::method);
    if (!method)
        return header_mismatch("Mcp-Method is missing");
    if (*method != request.method)
        return header_mismatch("Mcp-Method differs from the method of the body");
    if (!wanted)
        return std::nullopt;
    const auto name = headers.find(header::name);
    if (!name)
        return header_mismatch("Mcp-Name is missing");
    if (decode_header_value(*name) != *wanted)
        return header_mismatch("Mcp-Name differs from the name in the body");
    return std::nullopt;
}

inline std::optional<jsonrpc::error>
streamable_http::endpoint::check_param_headers(const http::fields& headers,
                                               const request_view& request,
                                               std::optional<std::string_view> name) {
    if (!name || request.method != "tools/call")
        return std::nullopt;
    const auto* tool = (*request.offers)->tools.find(*name);
    if (!tool)
        return std::nullopt;
    const json_view arguments = request.params.find("arguments");
    for (const header_parameter& each : (*tool)->mirrored()) {
        if (headers.count(each.field) > 1)
            return header_mismatch(each.field + " is repeated");
        if (const auto wrong = each.check(arguments, headers.find(each.field)))
            return header_mismatch(*wrong);
    }
    return std::nullopt;
}

} // namespace mcp
