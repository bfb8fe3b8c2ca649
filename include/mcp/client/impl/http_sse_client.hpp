// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/http_transport.hpp>: HTTP+SSE of 2024-11-05, and coroutines in the
// background.

#include <mcp/client/impl/http_exchange.hpp>
#include <mcp/client/impl/http_link.hpp>
#include <mcp/client/impl/http_texts.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/url.hpp>
#include <mcp/sse/parser.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp::detail {

/// The end of a coroutine in the background. It keeps the signal alive.
struct background_end {
    std::shared_ptr<asio::cancellation_signal> stop;
    void operator()(const std::exception_ptr&) const noexcept {}
};

/// Runs a coroutine until it ends, or until `stop`. Its errors are of no importance.
inline void http_link::spawn(asio::awaitable<void> background) {
    if (background_)
        background_->emit(asio::cancellation_type::terminal);
    background_ = std::make_shared<asio::cancellation_signal>();
    asio::co_spawn(executor_, std::move(background),
                   asio::bind_cancellation_slot(background_->slot(), background_end{background_}));
}

/// Lets the connection of a stream be used again, if its body ends soon.
inline void http_link::release(http::client_stream stream) {
    if (stream.skip_arrived() || receiver_ == nullptr)
        return;
    auto kept = std::make_shared<limited_stream>(std::move(stream), 0);
    asio::co_spawn(executor_, linger(shared_from_this(), std::move(kept)), background_end{});
}

inline asio::awaitable<void> http_link::linger(ptr self, std::shared_ptr<limited_stream> stream) {
    constexpr std::size_t most = 64 * 1024;
    const open_stream guard(self->streams_, stream->stream);
    limited_stream::limit(stream, self->executor_, std::chrono::seconds(1));
    std::string bytes;
    bool more = true;
    while (more && bytes.size() < most)
        more = co_await stream->stream.read(bytes);
}

/// Tries HTTP+SSE: its stream begins with the URL that takes the messages. Returns whether it does.
inline asio::awaitable<bool> http_link::open_sse(http_call call) {
    http::client_request request(get_);
    request.timeouts = timeouts(options_.connect_timeout);
    std::optional<sse::received_event> first;
    std::shared_ptr<limited_stream> kept;
    try {
        http::client_stream response = co_await exchange(std::move(request), call);
        if (status_of(response.head()) != 200 ||
            !http::is_media(type_of(response.head()), events_type))
            co_return false;
        kept = std::make_shared<limited_stream>(std::move(response), options_.message_bytes);
        const open_stream guard(streams_, kept->stream);
        limited_stream::limit(kept, executor_, options_.connect_timeout);
        std::string bytes;
        bool more = true;
        while (more && !first && !kept->parser.failed()) {
            bytes.clear();
            more = co_await kept->stream.read(bytes);
            kept->parser.feed(bytes);
            first = kept->parser.next();
        }
        kept->lift();
    } catch (const http::client_error&) {
        co_return false;
    } catch (const transport_error& failure) {
        if (failure.why() == transport_failure::unauthorized || receiver_ == nullptr)
            throw;
        co_return false;
    }
    if (!first || first->name != "endpoint" || receiver_ == nullptr)
        co_return false;
    const auto to = http::resolve_url(url_, first->data);
    const auto parts = to ? http::parse_web_url(*to) : std::nullopt;
    if (!parts || !same_site(*parts, *parts_))
        throw error(transport_failure::bad_message, call,
                    "the endpoint that the server names for messages is no URL of its own");
    endpoint_ = *to;
    session_.clear();
    spawn(read_sse(shared_from_this(), std::move(kept)));
    co_return true;
}

/// Delivers the messages of an HTTP+SSE connection.
inline asio::awaitable<void> http_link::read_sse(ptr self, std::shared_ptr<limited_stream> stream) {
    const open_stream guard(self->streams_, stream->stream);
    const http_call call{"the stream"};
    transport_error ended = self->error(transport_failure::closed, call, "it has ended");
    std::string bytes;
    bool more = true;
    while (more && self->receiver_ != nullptr) {
        while (const std::optional<sse::received_event> event = stream->parser.next()) {
            if (self->receiver_ != nullptr && event->name == "message" && !event->data.empty())
                self->receiver_->receive(event->data);
        }
        if (stream->parser.failed()) {
            ended = self->error(transport_failure::too_large, call, "an event is too large");
            break;
        }
        bytes.clear();
        try {
            more = co_await stream->stream.read(bytes);
        } catch (const http::client_error& failure) {
            more = false;
            ended = self->error(failure, call);
        }
        stream->parser.feed(bytes);
    }
    self->sse_ended_ = true;
    if (self->receiver_ != nullptr)
        self->receiver_->closed(std::make_exception_ptr(ended));
}

/// Posts a message whose response comes through the stream.
inline asio::awaitable<send_result> http_link::post_to_sse(http::client_request request,
                                                           http_call call) {
    if (sse_ended_)
        throw error(transport_failure::closed, call, "the stream of the server has ended");
    request.url = endpoint_;
    http::client_stream response = co_await exchange(std::move(request), call);
    if (response.head().ok()) {
        release(std::move(response));
        co_return send_result::later;
    }
    const std::optional<http_refusal> refused = co_await refusal(std::move(response), call);
    if (refused)
        throw refused->error;
    co_return send_result::complete;
}

} // namespace mcp::detail
