// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/http_transport.hpp>
#include <mcp/client/impl/http_exchange.hpp>
#include <mcp/client/impl/http_link.hpp>
#include <mcp/client/impl/http_response.hpp>
#include <mcp/client/impl/http_sse_client.hpp>
#include <mcp/client/impl/http_texts.hpp>

#include <asio/awaitable.hpp>
#include <asio/this_coro.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcp::detail {

inline http::client_request constant_fields(http::verb method, const std::string& url,
                                            const http_options& options) {
    http::client_request out(method, url);
    if (method == http::verb::post) {
        out.set("Accept", "application/json, text/event-stream");
        out.set("Content-Type", json_type);
    } else if (method == http::verb::get) {
        out.set("Accept", events_type);
    }
    for (const auto& [name, value] : options.headers)
        if (options.authorization == nullptr || !http::iequals(name, "authorization"))
            out.set(name, value);
    return out;
}

inline asio::awaitable<void> http_link::notify(ptr self, std::string message, revision under) {
    co_await self->notify(std::move(message), under);
}

inline asio::awaitable<void> http_link::close(ptr self) {
    co_await self->close();
}

inline http_link::http_link(std::string url, http_options options)
    : options_(std::move(options))
    , url_(std::move(url))
    , parts_(http::parse_web_url(url_))
    , name_(parts_ ? parts_->site.scheme + "://" + parts_->host +
                         parts_->target.substr(0, parts_->target.find('?'))
                   : "HTTP")
    , post_(constant_fields(http::verb::post, url_, options_))
    , modern_post_(post_)
    , get_(constant_fields(http::verb::get, url_, options_)) {
    modern_post_.set(header::protocol_version, to_string(latest));
}

inline void http_link::start(message_receiver& to, const asio::any_io_executor& executor) {
    const http_call call{"connect"};
    if (!parts_)
        throw error(transport_failure::not_connected, call,
                    "the URL must be http or https, in ASCII, without user and password");
    receiver_ = &to;
    executor_ = executor;
    if (options_.client) {
        client_ = options_.client;
        return;
    }
    http::client_options settings;
    settings.user_agent = options_.user_agent;
    settings.idle_per_origin = settings.idle_total = 256; // for bursts of calls
    settings.tls = options_.tls;
    if (parts_->site.scheme == "https" && !settings.tls) {
        if (http::detail::make_tls == nullptr)
            throw error(transport_failure::not_connected, call,
                        "https needs TLS: include <mcp/http/tls.hpp> in a file of the program "
                        "(CMake: asio-mcp::tls)");
        settings.tls = http::detail::make_tls();
    }
    client_.emplace(std::move(settings));
}

inline void http_link::stop() noexcept {
    receiver_ = nullptr;
    streams_.close_others();
    if (const auto background = std::exchange(background_, nullptr))
        background->emit(asio::cancellation_type::terminal);
}

inline asio::awaitable<void> http_link::notify(std::string message, revision under) {
    const http_call call{"notification", in_session(under), nullptr};
    http::client_request request(is_modern(under) ? modern_post_ : post_);
    if (!endpoint_.empty())
        request.url = endpoint_;
    if (is_modern(under)) {
        const json outline = jsonrpc::read_outline(message);
        const json_object* const members = outline.if_object();
        const json* const method = members != nullptr ? members->if_contains("method") : nullptr;
        if (method != nullptr && method->is_string())
            request.set(header::method, std::string_view(method->get_string()));
    } else {
        add_legacy_fields(request, under);
    }
    request.body = std::move(message);
    request.timeouts = timeouts(http::client_timeouts().total);
    http::client_stream response = co_await exchange(std::move(request), call);
    if (response.head().ok()) {
        release(std::move(response));
        co_return;
    }
    const std::optional<http_refusal> refused = co_await refusal(std::move(response), call);
    if (refused)
        throw refused->error;
}

inline void http_link::agreed(revision with, bool wants_stream) {
    agreed_ = with;
    if (wants_stream && is_legacy(with) && endpoint_.empty())
        spawn(listen(shared_from_this(), with));
}

/// Ends the session on the server.
inline asio::awaitable<void> http_link::close() {
    if (receiver_ == nullptr)
        co_return;
    http::client_request request(constant_fields(http::verb::delete_, url_, options_));
    add_legacy_fields(request, agreed_.value_or(latest_legacy));
    if (!authorization_.empty())
        request.set("Authorization", authorization_);
    http::client_timeouts times;
    times.connect = times.read = times.total = std::chrono::seconds(3);
    request.timeouts = times;
    const bool has_session = !session_.empty();
    stop();
    session_.clear();
    if (!has_session)
        co_return;
    try {
        http::client_stream response = co_await client_->open(std::move(request));
        response.skip_arrived();
    } catch (const http::client_error&) { // the server forgets the session by itself
    }
}

} // namespace mcp::detail

namespace mcp {

MCP_DECL http_transport::http_transport(std::string url, http_options options)
    : link_(std::make_shared<detail::http_link>(std::move(url), std::move(options))) {}

MCP_DECL http_transport::~http_transport() {
    link_->stop();
}

MCP_DECL asio::awaitable<void> http_transport::open(message_receiver& to) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    link_->stop();
    link_ = std::make_shared<detail::http_link>(link_->url(), link_->options());
    link_->start(to, executor);
}

MCP_DECL asio::awaitable<send_result> http_transport::send(outgoing_request request,
                                                           request_receiver& to) {
    return detail::http_link::send(link_, std::move(request), to);
}

MCP_DECL asio::awaitable<void> http_transport::notify(std::string message, mcp::revision revision) {
    return detail::http_link::notify(link_, std::move(message), revision);
}

MCP_DECL void http_transport::agreed(mcp::revision revision, bool listen) {
    link_->agreed(revision, listen);
}

MCP_DECL asio::awaitable<void> http_transport::close() {
    return detail::http_link::close(link_);
}

MCP_DECL bool http_transport::has_streams() const noexcept {
    return link_->has_streams();
}

MCP_DECL std::string http_transport::identity() const {
    return link_->url();
}

MCP_DECL std::string http_transport::name() const {
    return link_->name();
}

} // namespace mcp
