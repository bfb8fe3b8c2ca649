// SPDX-License-Identifier: MIT
#pragma once

// Part of <mcp/client/http_transport.hpp>: responses to requests.

#include <mcp/async/sleep_for.hpp>
#include <mcp/client/impl/http_exchange.hpp>
#include <mcp/client/impl/http_link.hpp>
#include <mcp/client/impl/http_texts.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/http/media_type.hpp>
#include <mcp/http/message.hpp>
#include <mcp/sse/parser.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace mcp::detail {

/// Returns the time before the next reconnect. The server's own time is kept exactly at first; all
/// others vary, so that many clients do not come at once.
inline std::chrono::milliseconds reconnect_delay(const http_options& options,
                                                 const event_cursor& cursor) {
    using std::chrono::milliseconds;
    const milliseconds longest = options.longest_reconnect_delay;
    milliseconds delay = std::min(cursor.retry.value_or(options.reconnect_delay), longest);
    if (cursor.retry && cursor.attempts == 0)
        return delay;
    for (unsigned i = 0; i < cursor.attempts && delay < longest; ++i)
        delay = std::min(delay * 2, longest);
    std::uint8_t random = 0;
    fill_random(std::span(&random, 1));
    return delay - delay * random / 1024; // up to a quarter less
}

/// Reads server-sent events and delivers them until the response has come or the stream ends.
/// Returns the error of a stream that has ended too early.
inline asio::awaitable<transport_error>
http_link::read_events(http::client_stream response, http_call call, event_cursor& cursor) {
    transport_error ended =
        error(transport_failure::closed, call, "the stream ended before the response");
    sse::parser parser(options_.message_bytes);
    {
        const open_stream guard(streams_, response);
        std::string bytes;
        bool more = true;
        while (more && !call.to->done()) {
            bytes.clear();
            try {
                more = co_await response.read(bytes);
            } catch (const http::client_error& failure) {
                more = false;
                ended = error(failure, call);
            }
            parser.feed(bytes);
            while (!call.to->done()) {
                std::optional<sse::received_event> event = parser.next();
                if (!event)
                    break;
                cursor.attempts = 0;
                if (!event->data.empty() && event->name == "message") // else it primes the stream
                    call.to->receive(std::move(event->data));
                if (receiver_ == nullptr)
                    throw error(transport_failure::closed, call, closed_text);
            }
            if (parser.failed())
                throw error(transport_failure::too_large, call, "an event is too large");
        }
    }
    if (!parser.last_event_id().empty())
        cursor.last_id = parser.last_event_id();
    if (parser.retry())
        cursor.retry = parser.retry();
    if (call.to->done())
        release(std::move(response));
    co_return ended;
}

/// Connects to the stream of a legacy session by GET, after the events that `cursor` has seen, and
/// reads it. Returns the error of a stream that has ended, or that another attempt may reach.
inline asio::awaitable<transport_error> http_link::connect_events(http_call call, revision under,
                                                                  event_cursor& cursor) {
    http::client_request request(get_);
    add_legacy_fields(request, under);
    if (!cursor.last_id.empty())
        request.set(header::last_event_id, cursor.last_id);
    request.timeouts = timeouts(std::chrono::milliseconds(0));
    std::optional<http::client_stream> response;
    try {
        response.emplace(co_await exchange(std::move(request), call));
    } catch (const transport_error& failure) {
        using enum transport_failure;
        const bool passes =
            failure.why() == not_connected || failure.why() == closed || failure.why() == timeout;
        if (!passes || receiver_ == nullptr)
            throw;
        co_return failure;
    }
    const int status = status_of(response->head());
    if (status >= 500)
        co_return error(transport_failure::http_status, call, status_text(response->head(), {}),
                        status);
    if (status != 200) {
        std::optional<http_refusal> refused = co_await refusal(std::move(*response), call);
        throw refused->error;
    }
    if (!http::is_media(type_of(response->head()), events_type))
        throw error(transport_failure::bad_message, call, "the response has no events", status);
    co_return co_await read_events(std::move(*response), call, cursor);
}

/// Delivers messages of a GET stream to the receiver of the connection.
class stream_receiver final : public request_receiver {
public:
    explicit stream_receiver(message_receiver*& to) noexcept : to_(to) {}
    void receive(std::string message) override { to_->receive(std::move(message)); }
    bool done() const noexcept override { return to_ == nullptr; }

private:
    message_receiver*& to_;
};

/// Keeps the GET stream of a legacy session open. A server may have none; what else is wrong shows
/// in the requests.
inline asio::awaitable<void> http_link::listen(ptr self, revision under) {
    using clock = std::chrono::steady_clock;
    stream_receiver to(self->receiver_);
    const http_call call{"GET", false, &to};
    event_cursor cursor;
    while (!to.done()) {
        const clock::time_point begin = clock::now();
        co_await self->connect_events(call, under, cursor);
        if (clock::now() - begin > self->options_.longest_reconnect_delay)
            cursor.attempts = 0;
        if (cursor.attempts >= self->options_.reconnects)
            co_return;
        const auto delay = reconnect_delay(self->options_, cursor);
        ++cursor.attempts;
        co_await sleep_for(delay);
    }
}

/// Returns why a response has no messages.
inline transport_error http_link::useless(const http::client_response& response,
                                          http_call call) const {
    const std::string_view type = type_of(response);
    const int status = status_of(response);
    std::string sentence = type.empty() ? "the response has no body"
                                        : "the response is " + first_line(type) +
                                              ", neither JSON nor server-sent events";
    if (status == 202)
        sentence = "the server took the request for a notification (status 202)";
    if (!http::has_plain_body(response.headers))
        sentence = "the response is compressed, which the client did not ask for";
    return error(transport_failure::bad_message, call, sentence, status);
}

/// Delivers the events of a response to a request; connects again if a legacy stream ends too
/// early.
inline asio::awaitable<void> http_link::read_stream(http::client_stream response, http_call call,
                                                    revision under) {
    event_cursor cursor;
    transport_error ended = co_await read_events(std::move(response), call, cursor);
    if (!is_repeatable(call.method))
        call.in_session = false; // a new session would repeat the request
    while (!call.to->done()) {
        const bool is_resumable = is_legacy(under) && !cursor.last_id.empty() &&
                                  http::is_field_value(cursor.last_id) &&
                                  cursor.attempts < options_.reconnects;
        if (!is_resumable)
            throw ended;
        const auto delay = reconnect_delay(options_, cursor);
        ++cursor.attempts;
        co_await sleep_for(delay);
        ended = co_await connect_events(call, under, cursor);
    }
}

inline asio::awaitable<send_result> http_link::send(ptr self, outgoing_request request,
                                                    request_receiver& to) {
    const bool is_initialize = request.method == "initialize";
    const http_call call{request.method, !is_initialize && self->in_session(request.revision), &to};
    if (self->options_.kind == http_kind::sse && self->endpoint_.empty()) {
        const bool found = co_await self->open_sse(call);
        if (!found)
            throw self->error(transport_failure::not_connected, call,
                              "the URL has no stream of events");
    }
    http::client_request message = self->post(request);
    if (!self->endpoint_.empty())
        co_return co_await self->post_to_sse(std::move(message), call);
    std::optional<http::client_request> again; // for HTTP+SSE
    if (is_initialize)
        again = message;
    http::client_stream response = co_await self->exchange(std::move(message), call);
    const http::client_response& head = response.head();
    if (!head.ok()) {
        const std::optional<http_refusal> refused =
            co_await self->refusal(std::move(response), call);
        if (!refused)
            co_return send_result::complete;
        const int status = refused->error.status();
        bool is_sse = is_initialize && self->options_.kind == http_kind::automatic &&
                      !refused->is_jsonrpc && (status == 400 || status == 404 || status == 405);
        if (is_sse)
            is_sse = co_await self->open_sse(call);
        if (!is_sse)
            throw refused->error;
        co_return co_await self->post_to_sse(*std::move(again), call);
    }
    if (is_initialize)
        self->keep_session(head, call);
    const bool is_plain = http::has_plain_body(head.headers);
    if (is_plain && http::is_media(type_of(head), json_type)) {
        std::string body = co_await self->read_body(response, call);
        to.receive(std::move(body));
    } else if (is_plain && http::is_media(type_of(head), events_type)) {
        co_await self->read_stream(std::move(response), call, request.revision);
    } else {
        throw self->useless(head, call);
    }
    co_return send_result::complete;
}

} // namespace mcp::detail
