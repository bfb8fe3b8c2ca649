#pragma once

// How the HTTP endpoint runs one request of either era, and what its response becomes.

#include <mcp/encoding/random.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/call.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <asio/this_coro.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
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
            const bool stream = options_.always_stream && status == reply_status::ok;
            if (sink.events.empty() && !stream) {
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
    return serve_later(r, std::move(kept), std::move(later));
}

/// Why a request got no slot among the calls of its session.
inline jsonrpc::error streamable_http::endpoint::no_slot(legacy::call_slot::state why) {
    return why == legacy::call_slot::state::full
               ? too_many("Too many requests of this session are under way", 1)
               : invalid_request("A request with this id is under way");
}

/// What a call keeps of a request whose memory is about to be reused, and its slot among the calls
/// of its session if it could be had.
inline async_call::request streamable_http::endpoint::own(const http::request& q,
                                                          const accepted& what) const {
    async_call::request kept;
    kept.id = what.message.id;
    kept.method = what.message.method;
    if (what.message.params)
        kept.params = json_object(*what.message.params, json_storage{});
    kept.path = q.params;
    kept.revision = what.revision;
    kept.principal = what.who;
    kept.session = what.session;
    if (what.session)
        kept.slot = what.session->take_slot(what.message.id, options_.calls);
    kept.server_info = server_.info_text(what.revision);
    const trace_context trace = read_trace_headers(q.headers);
    kept.trace_parent = trace.parent;
    kept.trace_state = trace.state;
    return kept;
}

inline asio::awaitable<void>
streamable_http::endpoint::serve_later(http::response& r, async_call::request what, job work) {
    auto joining = node_->joined();
    if (what.session && !joining.ready()) {
        const bool reached = co_await settled(r, joining);
        if (!reached)
            co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    const bool modern = is_modern(what.revision);
    const opened_reply reply = open_reply(what.session.get());
    const bool stream_now = options_.always_stream || !reply.lazy;
    std::shared_ptr<gated_reply> gate; // a refusal has a status, so the stream waits for it
    if (stream_now && (work.admission || (modern && what.params.contains("requestState")))) {
        auto open = [reply, executor] { reply.start(executor); };
        gate = std::make_shared<gated_reply>(reply.sink, std::move(open));
    } else if (stream_now) {
        reply.start(executor);
    }
    const auto sink = gate ? std::shared_ptr<message_sink>(gate) : reply.sink;
    const auto call = std::make_shared<async_call>(server_.environment(), executor, std::move(what),
                                                   sink, std::move(work));
    const std::weak_ptr<async_call> weak = call;
    // On the modern wire a closed stream is how clients cancel; on the legacy one it is not.
    const std::function<void()> closed = [weak, modern] {
        const auto running = weak.lock();
        if (running && modern)
            running->cancel();
        else if (running)
            running->abandon();
    };
    if (reply.lazy)
        reply.lazy->on_overflow(closed);
    call->start();
    try {
        if (gate)
            co_await gate->decided();
        else if (!stream_now)
            co_await reply.reader->wait();
    } catch (...) {
        closed();
        throw;
    }
    const auto status = gate         ? gate->take_refusal(r.body)
                        : reply.lazy ? reply.lazy->take_answer(r.body)
                                     : std::nullopt;
    if (status) {
        if (r.body.empty()) { // cancelled: there is no answer
            r.code = http::status::accepted;
            co_return;
        }
        r.code = static_cast<http::status>(*status);
        explain(r, *status, call->lacking());
        r.content_type = "application/json";
        co_return;
    }
    stream_headers(r);
    r.stream = std::make_unique<mailbox_stream>(reply.reader, closed);
}

/// The fields that belong to a refusal of the request itself.
inline void streamable_http::endpoint::explain(http::response& r, reply_status status,
                                               const std::vector<std::string>& lacking) const {
    if (status == reply_status::forbidden)
        r.set("WWW-Authenticate",
              challenge(server_.options().resource, "insufficient_scope", lacking));
    else if (status == reply_status::unavailable)
        r.set("Retry-After", "1");
}

/// Where the messages of a request go: with a replay log into a recorded stream.
inline streamable_http::endpoint::opened_reply
streamable_http::endpoint::open_reply(const legacy::session* session) {
    if (!session || !server_.environment().replay) {
        auto lazy = std::make_shared<http_reply>();
        return {lazy, lazy->reader(), lazy, nullptr};
    }
    std::array<std::uint8_t, 8> bytes{};
    fill_random(bytes);
    std::uint64_t number = 0;
    for (const std::uint8_t each : bytes)
        number = number << 8 | each;
    const auto retry =
        has_sse_priming(session->revision()) ? std::optional(options_.retry) : std::nullopt;
    auto recorded = std::make_shared<legacy::recorded_reply>(server_.environment(), session->id(),
                                                             number >> 11 | 1, retry);
    return {recorded, recorded->reader(), nullptr, recorded};
}

} // namespace mcp
