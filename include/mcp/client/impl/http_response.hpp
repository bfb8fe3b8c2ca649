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
/// Returns why the stream has ended.
inline asio::awaitable<std::string> http_link::read_events(http::client_stream response,
                                                           http_call call, event_cursor& cursor) {
    const open_stream guard(streams_, response);
    sse::parser parser(options_.message_bytes);
    std::string why = "the stream ended before the response";
    std::string bytes;
    bool more = true;
    while (more && !call.to->done()) {
        bytes.clear();
        try {
            more = co_await response.read(bytes);
        } catch (const http::client_error& failure) {
            more = false;
            why = error(failure, call).what();
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
    if (!parser.last_event_id().empty())
        cursor.last_id = parser.last_event_id();
    if (parser.retry())
        cursor.retry = parser.retry();
    co_return why;
}

/// Delivers the body of a response to a request.
inline asio::awaitable<void> http_link::read_response(http::client_stream response,
                                                      http_call call) {
    const std::string_view type = type_of(response.head());
    if (!http::has_plain_body(response.head().headers))
        throw error(transport_failure::bad_message, call,
                    "the response is compressed, which the client did not ask for");
    if (http::is_media(type, json_type)) {
        std::string body = co_await read_body(response, call);
        call.to->receive(std::move(body));
        co_return;
    }
    if (!http::is_media(type, events_type)) {
        const int status = status_of(response.head());
        std::string sentence = type.empty() ? "the response has no body"
                                            : "the response is " + first_line(type) +
                                                  ", neither JSON nor server-sent events";
        if (status == 202)
            sentence = "the server took the request for a notification (status 202)";
        throw error(transport_failure::bad_message, call, sentence, status);
    }
    event_cursor cursor;
    const std::string why = co_await read_events(std::move(response), call, cursor);
    if (!call.to->done())
        throw error(transport_failure::closed, call, why);
}

inline asio::awaitable<send_result> http_link::send(outgoing_request request,
                                                    request_receiver& to) {
    const bool is_initialize = request.method == "initialize";
    if (is_initialize)
        session_.clear();
    const http_call call{request.method, in_session(request.revision), &to};
    http::client_request message = post(request);
    http::client_stream response = co_await exchange(std::move(message), call);
    if (!response.head().ok()) {
        const std::optional<transport_error> refused = co_await refusal(std::move(response), call);
        if (refused)
            throw *refused;
        co_return send_result::complete;
    }
    if (is_initialize)
        keep_session(response.head(), call);
    co_await read_response(std::move(response), call);
    co_return send_result::complete;
}

} // namespace mcp::detail
