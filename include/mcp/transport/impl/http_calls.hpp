// SPDX-License-Identifier: MIT
#pragma once

// How the HTTP endpoint runs one request of either era and makes its response.

#include <mcp/auth/protected_resource.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/request_view.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/impl/http_exchange.hpp>
#include <mcp/transport/impl/http_part.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// Runs requests.
class http_calls : http_part {
public:
    explicit http_calls(const http_part& common) : http_part(common) {}

    /// Answers the request if its handler is immediate. Otherwise returns the work that is left.
    std::optional<job> answer_now(const http_exchange& x, request_view request) const;

    /// Returns the sink for the messages of a request. `overflow` is called if the client reads a
    /// stream too slowly.
    std::shared_ptr<http_reply> open_reply(reply_form form, std::function<void()> overflow) const;

    /// Returns the function that does `act` with a call if the call has not ended.
    static std::function<void()> with(const std::shared_ptr<async_call>& call,
                                      void (async_call::*act)()) {
        return [weak = std::weak_ptr(call), act] {
            if (const auto running = weak.lock())
                (*running.*act)();
        };
    }

    /// Runs a call, and writes the response. `closed` is called if the client goes. `kept` lives as
    /// long as the call.
    asio::awaitable<void> run(http_exchange x, std::shared_ptr<async_call> call,
                              std::shared_ptr<http_reply> reply, std::function<void()> closed,
                              std::shared_ptr<void> kept = {}) const;

    /// Waits until a reply is decided, and writes the response. A silent reply becomes a stream; a
    /// reply that is decided already needs no timer. `closed` is called if the client goes.
    ///
    /// A stream gives the memory of the request back to the connection. `hold` counts the bytes
    /// that the calls keep. If it returns false, they are too many: then the calls are cancelled,
    /// and the request is refused.
    template <class Hold>
    asio::awaitable<reply_status> respond(http::response& r, std::shared_ptr<http_reply> reply,
                                          std::function<void()> closed, Hold hold,
                                          jsonrpc::id id) const;

    /// Returns whether the response is a stream even without notifications.
    bool wants_stream(reply_form form) const noexcept {
        return form == reply_form::events || (options_.always_stream && form != reply_form::body);
    }

private:
    /// Collects the messages that an immediate handler sends before its response.
    struct collected final : message_sink {
        void send(std::string message) override {
            sse::append_event(events, sse::event{.data = message, .name = "message"});
        }
        void finish(std::string, reply_status) override {}
        std::string events;
    };

    void explain(const http::request& q, http::response& r, reply_status status,
                 const std::vector<std::string>& lacking) const;
};

inline std::optional<job> http_calls::answer_now(const http_exchange& x,
                                                 request_view request) const {
    collected sink;
    request.sink = &sink;
    http::response& r = x.response;
    context ctx = detail::context_access::make(server_.environment(), request);
    server_response out{r.body, r.takes_shared ? &r.shared : nullptr};
    if (auto later = server_.answer(ctx, out))
        return later;
    r.code = static_cast<http::status>(out.status);
    explain(x.request, r, out.status, detail::context_access::lacking(ctx));
    const bool ok = out.status == reply_status::ok;
    if (!(ok && wants_stream(x.form)) && (sink.events.empty() || x.form == reply_form::body)) {
        r.content_type = "application/json";
    } else {
        r.complete_body();
        sse::append_event(sink.events, sse::event{.data = r.body, .name = "message"});
        r.body = std::move(sink.events);
        stream_headers(r);
    }
    return std::nullopt;
}

inline std::shared_ptr<http_reply> http_calls::open_reply(reply_form form,
                                                          std::function<void()> overflow) const {
    if (form == reply_form::body)
        return std::make_shared<http_reply>();
    auto open = [overflow = std::move(overflow), &environment = server_.environment()] {
        const auto events = std::make_shared<event_reply>(overflow, environment.stream_limits());
        return http_reply::stream{events, events->reader()};
    };
    auto reply = std::make_shared<http_reply>(std::move(open));
    if (wants_stream(form))
        reply->stream_now();
    return reply;
}

inline asio::awaitable<void> http_calls::run(http_exchange x, std::shared_ptr<async_call> call,
                                             std::shared_ptr<http_reply> reply,
                                             std::function<void()> closed,
                                             std::shared_ptr<void> kept) const {
    const auto executor = co_await asio::this_coro::executor;
    call->start(executor, reply, std::move(kept));
    const auto hold = [&call] { return call->hold(); };
    auto responding = respond(x.response, reply, std::move(closed), hold, call->request().id);
    const reply_status status = co_await std::move(responding);
    explain(x.request, x.response, status, call->lacking());
}

template <class Hold>
asio::awaitable<reply_status>
http_calls::respond(http::response& r, std::shared_ptr<http_reply> reply,
                    std::function<void()> closed, Hold hold, jsonrpc::id id) const {
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
    const reply_status status = reply->take_response(r.body).value_or(reply_status::ok);
    if (r.body.empty()) { // cancelled: there is no response
        r.code = http::status::accepted;
        co_return reply_status::ok;
    }
    r.code = static_cast<http::status>(status);
    r.content_type = "application/json";
    co_return status;
}

/// Adds the headers that belong to a refusal of the request itself.
inline void http_calls::explain(const http::request& q, http::response& r, reply_status status,
                                const std::vector<std::string>& lacking) const {
    if (status == reply_status::forbidden)
        r.set("WWW-Authenticate", challenge(resource_at(server_.options().resource, q.params),
                                            "insufficient_scope", lacking));
    else if (status == reply_status::unavailable || status == reply_status::too_many_requests)
        r.set("Retry-After", "1");
}

} // namespace mcp::detail
