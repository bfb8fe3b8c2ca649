// SPDX-License-Identifier: MIT
#pragma once

// How the HTTP endpoint runs the requests of a session.

#include <mcp/encoding/random.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/transport/legacy/impl/http_endpoint.hpp>
#include <mcp/transport/legacy/recorded_reply.hpp>
#include <mcp/transport/legacy/session_use.hpp>

#include <asio/this_coro.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace mcp::legacy {

inline asio::awaitable<void> http_endpoint::serve(const http_exchange& x,
                                                  const request_view& request) {
    auto later = calls_.answer_now(x, request);
    if (!later)
        return done();
    auto slot = request.session->take_slot(request.id, options_.calls);
    if (slot.held())
        return serve_later(
            x, std::make_shared<async_call>(server_, request, std::move(*later),
                                            std::make_unique<call_slot>(std::move(slot))));
    const jsonrpc::error why = no_slot(slot.status());
    if (slot.status() == call_slot::state::full) {
        x.response.set("Retry-After", "1");
        refuse(x.response, http::status::too_many_requests, why, request.id);
    } else {
        refuse(x.response, http::status::bad_request, why, request.id);
    }
    return done();
}

/// Returns the error for a request that got no slot among the calls of its session.
inline jsonrpc::error http_endpoint::no_slot(call_slot::state why) {
    return why == call_slot::state::full
               ? too_many("This session has too many requests under way", 1)
               : invalid_request("A request with this id is under way");
}

inline asio::awaitable<void> http_endpoint::serve_later(http_exchange x,
                                                        std::shared_ptr<async_call> call) {
    auto joining = node_->joined();
    const bool reached = co_await settled(x.response, joining);
    if (!reached)
        co_return;
    const auto executor = co_await asio::this_coro::executor;
    const session& live = *call->request().session;
    auto use = std::make_shared<session_use>(server_.environment(), executor, live.id());
    // The request goes on without its connection.
    auto closed = calls_.with(call, &async_call::abandon);
    auto reply = open_reply(live, x.form, executor, closed);
    auto answering =
        calls_.run(x, std::move(call), std::move(reply), std::move(closed), std::move(use));
    co_await std::move(answering);
}

/// Answers a request that belongs to no session. If its connection closes, it is cancelled: no
/// other request can do that.
inline asio::awaitable<void> http_endpoint::serve_alone(const http_exchange& x,
                                                        const request_view& request) {
    auto later = calls_.answer_now(x, request);
    if (!later)
        return done();
    auto call = std::make_shared<async_call>(server_, request, std::move(*later));
    auto closed = calls_.with(call, &async_call::cancel);
    auto reply = calls_.open_reply(x.form, closed);
    return calls_.run(x, std::move(call), std::move(reply), std::move(closed));
}

/// Returns the sink for the messages of a request. With a replay log its stream is recorded.
/// `overflow` is called if the client reads a stream without a log too slowly.
inline std::shared_ptr<http_reply> http_endpoint::open_reply(const session& live, reply_form form,
                                                             const asio::any_io_executor& executor,
                                                             std::function<void()> overflow) {
    if (form == reply_form::body || !server_.environment().replay)
        return calls_.open_reply(form, std::move(overflow));
    const auto retry =
        has_sse_priming(live.revision()) ? std::optional(options_.retry) : std::nullopt;
    auto& environment = server_.environment();
    auto open = [&environment, executor, retry, id = live.id()] {
        std::array<std::uint8_t, 8> bytes{};
        fill_random(bytes);
        std::uint64_t number = 0;
        for (const std::uint8_t each : bytes)
            number = number << 8 | each;
        auto recorded = std::make_shared<recorded_reply>(environment, id, number >> 11 | 1, retry);
        recorded->start(executor);
        return http_reply::stream{recorded, recorded->reader()};
    };
    auto reply = std::make_shared<http_reply>(std::move(open), retry.has_value());
    if (calls_.wants_stream(form))
        reply->stream_now();
    return reply;
}

} // namespace mcp::legacy
