// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/hex.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/cors.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/router.hpp>
#include <mcp/http/url.hpp>
#include <mcp/json/document.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/headers.hpp>
#include <mcp/transport/impl/http_exchange.hpp>
#include <mcp/transport/impl/http_gate.hpp>
#include <mcp/transport/impl/http_part.hpp>
#include <mcp/transport/legacy/http_sse.hpp>
#include <mcp/transport/legacy/impl/sse_connection.hpp>
#include <mcp/transport/serve_http.hpp>

#include <asio/strand.hpp>
#include <asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mcp {

namespace detail {

inline std::string under(std::string_view base, std::string_view path) {
    while (base.ends_with('/'))
        base.remove_suffix(1);
    return std::string(base) + std::string(path);
}

inline void add_sse_routes(http::router& app, std::string_view base,
                           const http::handler& endpoint) {
    for (const std::string_view slash : {"", "/"}) {
        app.add(http::verb::get, under(base, "/sse") + std::string(slash), endpoint);
        app.add(http::verb::post, under(base, "/messages") + std::string(slash), endpoint);
    }
}

} // namespace detail

/// The state that copies of an `http_sse` share, and its functions.
class http_sse::endpoint : detail::http_part {
public:
    endpoint(any_server& server, streamable_http_options options)
        : http_part(server, std::move(options))
        , gate_(*this) {}

    asio::awaitable<void> handle(const http::request& q, http::response& r) const;

private:
    using http_exchange = detail::http_exchange;

    asio::awaitable<void> open(http_exchange x) const;
    asio::awaitable<void> take(http_exchange x) const;
    asio::awaitable<session_ptr> find(http_exchange x, std::string id) const;
    static std::string make_id();
    static bool is_id(std::string_view text);
    static void refuse(http::response& r, http::status code, std::string why) {
        http_part::refuse(r, code, {errc::refused, std::move(why)});
    }
    std::string messages_path(const http::request& q, std::string_view id) const;
    static std::string_view subject(const http_exchange& x) {
        return x.principal ? std::string_view(x.principal->subject) : std::string_view();
    }

    const detail::http_gate gate_;
};

inline asio::awaitable<void> http_sse::endpoint::handle(const http::request& q,
                                                        http::response& r) const {
    if (!gate_.accepts(q, r))
        co_return;
    auto admitted = gate_.admit(q, r);
    const bool reached = co_await settled(r, admitted);
    if (!reached)
        co_return;
    auto admission = admitted.take();
    if (!admission)
        co_return;
    const http_exchange x(q, r, std::move(*admission));
    const bool serves = server_.options().legacy && server_.environment().topics.streams();
    if (serves && q.method == http::verb::get)
        co_await open(x);
    else if (serves && q.method == http::verb::post)
        co_await take(x);
    else
        refuse(r, http::status::method_not_allowed, "Method not allowed");
}

/// Opens a stream, of a new session or of the one that `Last-Event-ID` names.
inline asio::awaitable<void> http_sse::endpoint::open(http_exchange x) const {
    http::response& r = x.response;
    const http::fields& headers = x.request.headers;
    if (headers.find("accept") && !http::accepts_media(headers, "text/event-stream")) {
        refuse(r, http::status::not_acceptable, "Accept must list text/event-stream");
        co_return;
    }
    session_ptr known;
    const auto last = headers.find(header::last_event_id);
    if (last && is_id(*last)) {
        auto found = find(x, std::string(*last));
        known = co_await std::move(found);
        if (r.code != http::status::ok)
            co_return;
    }
    peer_options peer;
    peer.json = options_.json;
    peer.surrogates = options_.surrogates;
    peer.requests = options_.calls;
    peer.batch = options_.batch;
    peer.output = server_.environment().stream_limits();
    peer.principal = x.principal;
    peer.path = std::make_shared<const http::path_params>(x.request.params);
    if (known) {
        peer.session_id = known->id;
    } else {
        peer.session_id = make_id();
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto connection = std::make_shared<legacy::sse_connection>(
        server_, asio::make_strand(executor), std::move(peer));
    if (known)
        connection->resume(*known);
    const std::string path = messages_path(x.request, connection->id());
    std::string first;
    sse::append_event(
        first, {.data = path, .id = connection->id(), .name = "endpoint", .retry = options_.retry});
    auto body = std::make_unique<legacy::sse_body>(connection, std::move(first));
    auto joining = connection->join();
    try {
        co_await std::move(joining);
    } catch (const unavailable& e) {
        refuse_unavailable(r, e);
        co_return;
    }
    stream_headers(r);
    r.stream = std::move(body);
}

/// Returns the record of a session of this subject, or null. A refusal has a status.
inline asio::awaitable<session_ptr> http_sse::endpoint::find(http_exchange x,
                                                             std::string id) const {
    auto found = server_.environment().sessions.find(std::move(id));
    const bool reached = co_await settled(x.response, found);
    session_ptr record = reached ? found.take() : nullptr;
    co_return record && record->owner == subject(x) ? record : nullptr;
}

/// Takes a message for the stream of its session, in any process.
inline asio::awaitable<void> http_sse::endpoint::take(http_exchange x) const {
    http::response& r = x.response;
    const auto id = http::query_value(x.request.query, "session_id");
    if (!id)
        co_return refuse(r, http::status::bad_request, "session_id is required");
    if (!is_id(*id))
        co_return refuse(r, http::status::bad_request, "Invalid session ID");
    if (!http::is_media(x.request.headers.find("content-type").value_or(""), "application/json"))
        co_return refuse(r, http::status::unsupported_media_type,
                         "Content-Type must be application/json");
    json_document text(options_.json, options_.surrogates);
    if (text.read(x.request.body) || !(text.root().is_object() || text.root().is_array()))
        co_return refuse(r, http::status::bad_request, "Could not parse message");
    std::string packed = legacy::inbox_message{subject(x), x.request.body}.packed();
    auto published =
        server_.environment().topics.publish(legacy::inbox_topic(*id), std::move(packed));
    const bool reached = co_await settled(r, published);
    if (!reached)
        co_return;
    if (published.take() == 0)
        co_return refuse(r, http::status::not_found, "Could not find session");
    r.code = http::status::accepted;
    r.content_type = "text/plain";
    r.body = "Accepted";
}

inline std::string http_sse::endpoint::make_id() {
    std::array<std::uint8_t, 16> bytes{};
    fill_random(bytes);
    return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

inline bool http_sse::endpoint::is_id(std::string_view text) {
    return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char each) {
               return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f');
           });
}

/// Returns the path for messages, which stands beside that of the stream.
inline std::string http_sse::endpoint::messages_path(const http::request& q,
                                                     std::string_view id) const {
    std::string_view path = q.path;
    while (path.size() > 1 && path.back() == '/')
        path.remove_suffix(1);
    path = path.substr(0, path.rfind('/') + 1);
    return options_.removed_prefix + std::string(path) + "messages/?session_id=" + std::string(id);
}

MCP_DECL http_sse::http_sse(any_server& server, streamable_http_options options)
    : endpoint_(std::make_shared<endpoint>(server, std::move(options))) {}

MCP_DECL asio::awaitable<void> http_sse::operator()(const http::request& q,
                                                    http::response& r) const {
    return endpoint_->handle(q, r);
}

MCP_DECL void http_sse::add_to(http::router& app, std::string_view base) const {
    detail::add_sse_routes(app, base, *this);
}

MCP_DECL void http_sse::add_to(http::router& app, std::string_view base,
                               const http::cors_options& pages) const {
    const http::cors open(*this, pages);
    detail::add_sse_routes(app, base, open);
    for (const std::string_view path : {"/sse", "/sse/", "/messages", "/messages/"})
        app.add(http::verb::options, detail::under(base, path), open);
}

namespace detail {

inline const bool knows_http_sse = [] {
    add_http_sse = [](any_server& server, http::router& routes, std::string_view base,
                      const streamable_http_options& options, const http::cors_options& pages) {
        http_sse(server, options).add_to(routes, base, pages);
    };
    return true;
}();

} // namespace detail

} // namespace mcp
