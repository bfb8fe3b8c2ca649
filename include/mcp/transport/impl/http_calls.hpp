#pragma once

// How the HTTP endpoint runs one request of either era and makes its response.

#include <mcp/auth/protected_resource.hpp>
#include <mcp/encoding/random.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/context.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>
#include <mcp/transport/legacy/session_use.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp {

inline asio::awaitable<void>
streamable_http::endpoint::serve(const http::request& q, http::response& r, const accepted& what) {
    collected sink;
    legacy::session* const session = what.session.get();
    job later;
    {
        context ctx(server_.environment(),
                    caller{what.revision, &sink, session, &q.params, what.who.get(),
                           read_trace_headers(q.headers), what.change, what.verdict},
                    what.message.params);
        reply_status status = reply_status::ok;
        if (server_.answer(ctx, what.message, r.body, status, later)) {
            r.code = static_cast<http::status>(status);
            explain(r, status, ctx.lacking());
            const bool ok = status == reply_status::ok;
            if (!(ok && wants_stream(what.form)) &&
                (sink.events.empty() || what.form == reply_form::body)) {
                r.content_type = "application/json";
            } else {
                sse::append_event(sink.events, sse::event{.data = r.body, .name = "message"});
                r.body = std::move(sink.events);
                stream_headers(r);
            }
            return done();
        }
    }
    async_call::request kept = own(q, what);
    if (session && !kept.slot.held()) {
        const jsonrpc::error why = no_slot(kept.slot.what());
        if (kept.slot.what() == legacy::call_slot::state::full) {
            r.set("Retry-After", "1");
            refuse(r, http::status::too_many_requests, why, what.message.id);
        } else {
            refuse(r, http::status::bad_request, why, what.message.id);
        }
        return done();
    }
    return serve_later(r, std::move(kept), what.form, std::move(later));
}

/// Returns whether the response is a stream even without notifications.
inline bool streamable_http::endpoint::wants_stream(reply_form form) const noexcept {
    return form == reply_form::events || (options_.always_stream && form != reply_form::body);
}

/// Returns the error for a request that got no slot among the calls of its session.
inline jsonrpc::error streamable_http::endpoint::no_slot(legacy::call_slot::state why) {
    return why == legacy::call_slot::state::full
               ? too_many("This session has too many requests under way", 1)
               : invalid_request("A request with this id is under way");
}

/// Copies the parts of a request that a call keeps, because the memory of the request is reused.
/// First takes a slot among the calls of its session, if there is one. Without it, copies nothing.
inline async_call::request streamable_http::endpoint::own(const http::request& q,
                                                          const accepted& what) const {
    async_call::request kept;
    if (what.session) {
        kept.slot = what.session->take_slot(what.message.id, options_.calls);
        if (!kept.slot.held())
            return kept;
    }
    kept.id = what.message.id;
    kept.bytes = q.body.size();
    kept.method = what.message.method;
    if (what.message.params)
        kept.params = json_object(*what.message.params, json_storage{});
    kept.path = q.params;
    kept.revision = what.revision;
    kept.principal = what.who;
    kept.session = what.session;
    kept.server_info = server_.info_text(what.revision);
    const trace_context trace = read_trace_headers(q.headers);
    kept.trace_parent = trace.parent;
    kept.trace_state = trace.state;
    return kept;
}

inline asio::awaitable<void> streamable_http::endpoint::serve_later(http::response& r,
                                                                    async_call::request what,
                                                                    reply_form form, job work) {
    auto joining = node_->joined();
    if (what.session && !joining.ready()) {
        const bool reached = co_await settled(r, joining);
        if (!reached)
            co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    if (what.session)
        what.kept = std::make_shared<legacy::session_use>(server_.environment(), executor,
                                                          what.session->id());
    // On the modern wire, closing the stream cancels the request; on the legacy wire it does not.
    const auto running = std::make_shared<std::weak_ptr<async_call>>();
    std::function<void()> closed = [running, modern = is_modern(what.revision)] {
        const auto call = running->lock();
        if (call && modern)
            call->cancel();
        else if (call)
            call->abandon();
    };
    const auto reply = open_reply(what.session.get(), form, executor, closed);
    jsonrpc::id id = what.id;
    const auto call = std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                                   reply, std::move(work));
    *running = call;
    call->start();
    const auto hold = [&call] { return call->hold(); };
    auto responding = respond(r, reply, std::move(closed), hold, std::move(id));
    const reply_status status = co_await std::move(responding);
    explain(r, status, call->lacking());
}

/// Waits until a reply is decided, and writes the response. A silent reply becomes a stream; a
/// reply that is decided already needs no timer. `closed` is called if the client goes.
///
/// A stream gives the memory of the request back to the connection. `hold` counts the bytes that
/// the calls keep. If it returns false, they are too many: then the calls are cancelled, and the
/// request is refused.
template <class Hold>
asio::awaitable<reply_status>
streamable_http::endpoint::respond(http::response& r, std::shared_ptr<http_reply> reply,
                                   std::function<void()> closed, Hold hold, jsonrpc::id id) {
    std::optional<asio::steady_timer> silence;
    if (options_.stream_after.count() > 0 && reply->undecided() && reply->reaches_client()) {
        const auto executor = co_await asio::this_coro::executor;
        silence.emplace(executor, options_.stream_after);
        silence->async_wait([reply](std::error_code stopped) {
            if (!stopped)
                reply->stream_now();
        });
    }
    try {
        if (reply->undecided())
            co_await reply->decided();
    } catch (...) {
        reply->abandon();
        closed();
        throw;
    }
    if (auto events = reply->reader()) {
        if (!hold()) {
            events->abandon();
            r.set("Retry-After", "1");
            refuse(r, http::status::service_unavailable,
                   {jsonrpc::errc::internal_error,
                    "The server has no memory left for another call; try again later"},
                   id);
            co_return reply_status::ok;
        }
        stream_headers(r);
        r.stream = std::make_unique<mailbox_stream>(std::move(events), std::move(closed));
        co_return reply_status::ok;
    }
    const reply_status status = reply->take_answer(r.body).value_or(reply_status::ok);
    if (r.body.empty()) { // cancelled: there is no response
        r.code = http::status::accepted;
        co_return reply_status::ok;
    }
    r.code = static_cast<http::status>(status);
    r.content_type = "application/json";
    co_return status;
}

/// Adds the headers that belong to a refusal of the request itself.
inline void streamable_http::endpoint::explain(http::response& r, reply_status status,
                                               const std::vector<std::string>& lacking) const {
    if (status == reply_status::forbidden)
        r.set("WWW-Authenticate",
              challenge(server_.options().resource, "insufficient_scope", lacking));
    else if (status == reply_status::unavailable)
        r.set("Retry-After", "1");
}

/// Returns the sink for the messages of a request. With a replay log its stream is recorded.
/// `overflow` is called if the client reads a stream without a log too slowly.
inline std::shared_ptr<http_reply>
streamable_http::endpoint::open_reply(const legacy::session* session, reply_form form,
                                      const asio::any_io_executor& executor,
                                      std::function<void()> overflow) {
    if (form == reply_form::body)
        return std::make_shared<http_reply>();
    std::shared_ptr<http_reply> reply;
    if (session && server_.environment().replay) {
        const auto retry =
            has_sse_priming(session->revision()) ? std::optional(options_.retry) : std::nullopt;
        auto& environment = server_.environment();
        auto open = [&environment, executor, retry, id = session->id()] {
            std::array<std::uint8_t, 8> bytes{};
            fill_random(bytes);
            std::uint64_t number = 0;
            for (const std::uint8_t each : bytes)
                number = number << 8 | each;
            auto recorded =
                std::make_shared<legacy::recorded_reply>(environment, id, number >> 11 | 1, retry);
            recorded->start(executor);
            return http_reply::stream{recorded, recorded->reader()};
        };
        reply = std::make_shared<http_reply>(std::move(open), retry.has_value());
    } else {
        auto open = [overflow = std::move(overflow), &environment = server_.environment()] {
            const auto events =
                std::make_shared<event_reply>(overflow, environment.stream_limits());
            return http_reply::stream{events, events->reader()};
        };
        reply = std::make_shared<http_reply>(std::move(open));
    }
    if (wants_stream(form))
        reply->stream_now();
    return reply;
}

} // namespace mcp
