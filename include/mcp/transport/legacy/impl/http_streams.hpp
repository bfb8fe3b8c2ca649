// SPDX-License-Identifier: MIT
#pragma once

// The GET of the legacy era: the session's own stream, and the rest of a lost response.
// [MCP 2025-11-25 basic/transports, listening for messages, resumability]

#include <mcp/http/media_type.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/server/topics.hpp>
#include <mcp/transport/legacy/event_stream.hpp>
#include <mcp/transport/legacy/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/session_events.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/this_coro.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mcp::legacy {

inline asio::awaitable<void> http_endpoint::get(http_exchange x) {
    const http::fields& headers = x.request.headers;
    http::response& r = x.response;
    const bool any = !options_.strict_accept && !headers.find("accept");
    if (!any && !http::accepts_media(headers, "text/event-stream")) {
        refuse(r, http::status::not_acceptable,
               {errc::refused, "Accept must list text/event-stream"});
        co_return;
    }
    const opened_session opened = co_await find_session(x);
    if (!opened.live)
        co_return;

    std::optional<event_id> last;
    const auto given = headers.find(header::last_event_id);
    if (given && server_.environment().replay) {
        last = event_id::parse(*given);
        if (!last) {
            refuse_event(r);
            co_return;
        }
    }
    try {
        if (last && last->stream != 0)
            co_await resume_reply(r, *opened.live, *last);
        else
            co_await open_events(r, opened.record, *opened.live, last);
    } catch (const unavailable& e) {
        refuse_unavailable(r, e);
    }
}

inline void http_endpoint::refuse_event(http::response& r) {
    refuse(r, http::status::bad_request,
           invalid_params("Last-Event-ID does not name an event of this session"));
}

/// Returns the events of a stream after an event; nothing if there has been no such event.
inline asio::awaitable<std::optional<replayed>> http_endpoint::read_log(std::string id,
                                                                        event_id last) {
    // Starts one event earlier, to check that the event itself has existed.
    const std::uint64_t from = last.sequence == 0 ? 0 : last.sequence - 1;
    auto read = server_.environment().replay->after(std::move(id), last.stream, from);
    if (!read.ready())
        co_await read.settle();
    replayed found = read.take();
    const bool begins = last.stream == 0 && last.sequence == 0; // there may be none yet
    if (found.events.empty() && found.whole && last.sequence == 0 && !begins)
        co_return std::nullopt;
    if (found.events.empty() && last.sequence != 0)
        found.whole = false; // the log was lost, and may not have reached that number again
    if (!found.events.empty() && found.events.front().sequence == last.sequence) {
        found.events.erase(found.events.begin());
    } else if (last.sequence != 0 && !found.events.empty()) {
        // The event itself was dropped; its successor shows whether later events were, too.
        found.whole = found.events.front().sequence == last.sequence + 1;
    }
    co_return found;
}

/// Makes `stream` the body of the response, after the events that the client has missed. Refuses if
/// there is nothing to continue from.
inline void http_endpoint::begin_stream(http::response& r, std::unique_ptr<get_stream> stream,
                                        event_stream& events,
                                        const std::optional<replayed>& missed) {
    if (!missed)
        return refuse_event(r);
    events.begin(*missed);
    stream_headers(r);
    r.stream = std::move(stream);
}

/// Opens the session's own stream. It replaces an older stream in any process.
inline asio::awaitable<void> http_endpoint::open_events(http::response& r, session_ptr record,
                                                        session& live,
                                                        std::optional<event_id> last) {
    server_environment& shared = server_.environment();
    auto asked = shared.topics.publish(mcp::detail::record_topic(record->id),
                                       std::string(session_topics::probe));
    if (!asked.ready())
        co_await asked.settle();
    const bool open = asked.take() != 0;
    const auto pause = std::chrono::ceil<std::chrono::seconds>(options_.take_over_pause);
    if (open && options_.second_get == second_get_policy::reject) {
        refuse(r, http::status::conflict, {errc::refused, "This session already has a stream"});
        co_return;
    }
    if (open && !live.take_over(std::chrono::steady_clock::now(), options_.take_over_pause)) {
        r.set("Retry-After", std::to_string(pause.count()));
        refuse(r, http::status::conflict,
               {errc::refused,
                "The stream of this session was replaced too often; keep one stream open "
                "for a session, or retry after Retry-After"});
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    std::uint64_t from = last ? last->sequence : 0;
    if (shared.replay && !last) {
        auto read = shared.replay->after(record->id, 0, 0);
        if (!read.ready())
            co_await read.settle();
        const replayed present = read.take();
        if (!present.events.empty())
            from = present.events.back().sequence; // a new client gets new events only
    }
    const auto events = std::make_shared<event_stream>(shared, executor, record->id, 0, from);
    if (!last)
        events->take_late();
    const auto topics = std::make_shared<session_topics>(shared, executor, record->id, events);
    auto stream = std::make_unique<get_stream>(
        events, std::make_unique<session_use>(shared, executor, record->id), options_.retry,
        [topics] { topics->leave(); });
    if (shared.replay && has_sse_priming(live.revision()))
        events->prime(options_.retry);
    std::optional<replayed> missed = replayed();
    co_await topics->join();
    if (last)
        missed = co_await read_log(record->id, *last);
    begin_stream(r, std::move(stream), *events, missed);
}

/// Sends the rest of a response whose connection was lost.
inline asio::awaitable<void> http_endpoint::resume_reply(http::response& r, session& live,
                                                         event_id last) {
    server_environment& shared = server_.environment();
    const auto executor = co_await asio::this_coro::executor;
    const std::string id = live.id();
    const auto events =
        std::make_shared<event_stream>(shared, executor, id, last.stream, last.sequence);
    if (has_sse_priming(live.revision()))
        events->prime(options_.retry);
    // A new reader replaces the older one.
    auto claimed = shared.topics.claim(mcp::detail::stream_topic(id, last.stream), events);
    if (!claimed.ready())
        co_await claimed.settle();
    const mcp::detail::any_broker& topics = shared.topics;
    auto stream = std::make_unique<get_stream>(
        events, std::make_unique<session_use>(shared, executor, id), options_.retry,
        [&topics, events, topic = mcp::detail::stream_topic(id, last.stream)] {
            topics.unsubscribe(topic, events.get());
        });
    const auto missed = co_await read_log(id, last);
    begin_stream(r, std::move(stream), *events, missed);
}

} // namespace mcp::legacy
