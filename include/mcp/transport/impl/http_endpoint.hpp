// SPDX-License-Identifier: MIT
#pragma once

// The HTTP endpoint: one request goes through the gate, and then to the functions of its era.

#include <mcp/async/pending.hpp>
#include <mcp/encoding/utf8.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/http/request_record.hpp>
#include <mcp/json/document.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/error.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/jsonrpc/outline.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/transport/impl/http_calls.hpp>
#include <mcp/transport/impl/http_exchange.hpp>
#include <mcp/transport/impl/http_gate.hpp>
#include <mcp/transport/impl/http_page.hpp>
#include <mcp/transport/impl/http_part.hpp>
#include <mcp/transport/impl/listen_counts.hpp>
#include <mcp/transport/inbound.hpp>
#include <mcp/transport/listen.hpp>
#include <mcp/transport/streamable_http.hpp>
#include <mcp/transport/trusted_proxies.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/transport/legacy/impl/http_endpoint.hpp>
#endif

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace mcp {

/// The state that copies of a `streamable_http` share, and the endpoint's functions.
class streamable_http::endpoint : detail::http_part {
public:
    endpoint(any_server& server, streamable_http_options options)
        : http_part(server, std::move(options))
        , gate_(*this)
        , calls_(*this)
#ifndef MCP_NO_LEGACY
        , legacy_(*this, gate_, calls_)
#endif
    {
    }
    endpoint(const endpoint&) = delete;
    endpoint& operator=(const endpoint&) = delete;

    asio::awaitable<void> handle(const http::request& q, http::response& r);

private:
    using gate = detail::http_gate;
    using http_exchange = detail::http_exchange;

    asio::awaitable<void> handle_later(const http::request& q, http::response& r,
                                       detail::pending<gate::entry> admitted);
    asio::awaitable<void> route(http_exchange& x);
    json_document& document() const;
    asio::awaitable<void> post(http_exchange& x);
    asio::awaitable<void> post_parsed(http_exchange& x, json_view body);
    asio::awaitable<void> refuse_text(const http_exchange& x, const jsonrpc::error& why);

    // The modern wire: impl/modern_http.hpp
    asio::awaitable<void> post_modern(http_exchange& x, json_view body);
    asio::awaitable<void> serve(const http_exchange& x, const request_view& request);
    static std::optional<jsonrpc::error> check_headers(const http::fields& headers,
                                                       const request_view& request,
                                                       std::optional<std::string_view> wanted);
    static std::optional<jsonrpc::error> check_param_headers(const http::fields& headers,
                                                             const request_view& request,
                                                             std::optional<std::string_view> name);
    asio::awaitable<void> listen(http_exchange x, jsonrpc::id id, subscription_filter filter);

    const gate gate_;
    const std::shared_ptr<detail::listen_counts> listens_ =
        std::make_shared<detail::listen_counts>();
    const detail::http_calls calls_;
#ifndef MCP_NO_LEGACY
    legacy::http_endpoint legacy_;
#endif
};

inline asio::awaitable<void> streamable_http::endpoint::handle(const http::request& q,
                                                               http::response& r) {
    if (r.note != nullptr && options_.proxies.count != 0)
        r.note->client = client_address(options_.proxies, q).to_string();
    if (!gate_.accepts(q, r))
        return done();
    if (options_.page && detail::wants_page(q)) [[unlikely]] {
        detail::write_page(server_.environment(), q, r);
        return done();
    }
    try {
        auto admitted = gate_.admit(q, r);
        if (!admitted.ready())
            return handle_later(q, r, std::move(admitted));
        auto admission = admitted.take();
        if (!admission)
            return done();
        http_exchange x(q, r, std::move(*admission));
        return route(x);
    } catch (const unavailable& e) { // of a collaborator that is not awaited
        refuse_unavailable(r, e);
        return done();
    }
}

inline asio::awaitable<void>
streamable_http::endpoint::handle_later(const http::request& q, http::response& r,
                                        detail::pending<gate::entry> admitted) {
    co_await admitted.settle();
    auto admission = admitted.take();
    if (!admission)
        co_return;
    http_exchange x(q, r, std::move(*admission));
    co_await route(x);
}

inline asio::awaitable<void> streamable_http::endpoint::route(http_exchange& x) {
    if (x.request.method == http::verb::post)
        return post(x);
#ifndef MCP_NO_LEGACY
    if (server_.options().legacy)
        return legacy_.handle(x);
#endif
    x.response.set("Allow", "POST");
    return refused(x.response, http::status::method_not_allowed, errc::refused,
                   "Method not allowed");
}

/// Returns the document of this thread. Its values live until the request is answered or first
/// suspends, so a function that awaits copies them first.
inline json_document& streamable_http::endpoint::document() const {
    thread_local std::optional<json_document> made;
    thread_local json_limits limits;
    thread_local unpaired_surrogates surrogates;
    if (!made || limits.depth != options_.json.depth ||
        limits.object_members != options_.json.object_members || surrogates != options_.surrogates)
        made.emplace(limits = options_.json, surrogates = options_.surrogates);
    return *made;
}

inline asio::awaitable<void> streamable_http::endpoint::post(http_exchange& x) {
    const http::request& q = x.request;
    http::response& r = x.response;
    if (!http::is_media(q.headers.find("content-type").value_or(""), "application/json"))
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Type must be application/json");
    if (!http::has_plain_body(q.headers)) {
        r.set("Accept-Encoding", "identity");
        return refused(r, http::status::unsupported_media_type, jsonrpc::errc::invalid_request,
                       "Content-Encoding must be identity: compressed bodies are not accepted");
    }
    json_document& body = document();
    const auto error = body.read(without_byte_order_mark(q.body));
    auto answered =
        error ? refuse_text(x, {jsonrpc::errc::parse_error, "Parse error: " + error->what()})
              : post_parsed(x, body.root());
    body.clear(); // awaiting functions have copies; frees a large text
    return answered;
}

inline asio::awaitable<void> streamable_http::endpoint::post_parsed(http_exchange& x,
                                                                    json_view body) {
    if (body.is_array()) {
        for (const json_view each : body.elements())
            if (claims_modern(each))
                return refused(x.response, http::status::bad_request,
                               jsonrpc::errc::invalid_request,
                               "The body must be one message: this revision has no batches");
    }
#ifndef MCP_NO_LEGACY
    if (era_of(body, x.request.headers.find(header::protocol_version)) == era::legacy &&
        server_.options().legacy)
        return legacy_.post(x, body);
#endif
    return post_modern(x, body);
}

/// Refuses a text that is not JSON. Its id and kind may still be readable.
inline asio::awaitable<void> streamable_http::endpoint::refuse_text(const http_exchange& x,
                                                                    const jsonrpc::error& why) {
    const json outline = jsonrpc::read_outline(x.request.body);
#ifndef MCP_NO_LEGACY
    const auto failed = jsonrpc::failed_response(outline, why);
    if (failed && server_.options().legacy && x.request.headers.find(header::session_id))
        return legacy_.post_failed(x, *failed, why);
#endif
    refuse(x.response, http::status::bad_request, why, jsonrpc::readable_id(outline));
    return done();
}

} // namespace mcp

#include <mcp/transport/impl/modern_http.hpp>
