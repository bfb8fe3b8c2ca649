// SPDX-License-Identifier: MIT
#pragma once

// How the HTTP endpoint runs one request of either era and makes its response.

#include <mcp/auth/principal.hpp>
#include <mcp/auth/protected_resource.hpp>
#include <mcp/jsonrpc/message.hpp>
#include <mcp/protocol/revision.hpp>
#include <mcp/protocol/trace_context.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/sse/event.hpp>
#include <mcp/transport/http_reply.hpp>
#include <mcp/transport/impl/http_part.hpp>
#include <mcp/transport/trace_headers.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

/// A request that has passed the checks of its era.
struct accepted_request {
    jsonrpc::message message;
    mcp::revision revision = latest;
    std::shared_ptr<legacy::session> session;    ///< null on the modern wire
    std::shared_ptr<const principal> identity;   ///< null without an auth backend
    record_change* change = nullptr;             ///< null on the modern wire
    const std::exception_ptr* verdict = nullptr; ///< see `caller`
    reply_form form = reply_form::either;        ///< accepted by the client
};

/// Runs requests.
class http_calls : http_part {
public:
    /// The call that a reply is of, once it exists.
    using running_call = std::shared_ptr<std::weak_ptr<async_call>>;

    explicit http_calls(const http_part& common) : http_part(common) {}

    /// Answers the request if its handler is immediate. Otherwise returns false, and sets `later`.
    bool answer_now(const http::request& q, http::response& r, const accepted_request& request,
                    job& later) const;

    /// Copies the parts of a request that a call keeps, because the memory of the request is
    /// reused.
    async_call::request own(const http::request& q, const accepted_request& request) const;

    /// Returns the sink for the messages of a request. `overflow` is called if the client reads a
    /// stream too slowly.
    std::shared_ptr<http_reply> open_reply(reply_form form, std::function<void()> overflow) const;

    /// Runs a call, and writes the response. `closed` is called if the client goes; it finds the
    /// call in `running`.
    asio::awaitable<void> run(http::response& r, async_call::request accepted, job work,
                              std::shared_ptr<http_reply> reply, running_call running,
                              std::function<void()> closed) const;

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

    void explain(http::response& r, reply_status status,
                 const std::vector<std::string>& lacking) const;
};

inline bool http_calls::answer_now(const http::request& q, http::response& r,
                                   const accepted_request& request, job& later) const {
    collected sink;
    context ctx(server_.environment(),
                caller{request.revision, &sink, request.session.get(), &q.params,
                       request.identity.get(), read_trace_headers(q.headers), request.change,
                       request.verdict},
                request.message.params);
    reply_status status = reply_status::ok;
    if (!server_.answer(ctx, request.message, r.body, status, later,
                        r.takes_shared ? &r.shared : nullptr))
        return false;
    r.code = static_cast<http::status>(status);
    explain(r, status, ctx.lacking());
    const bool ok = status == reply_status::ok;
    if (!(ok && wants_stream(request.form)) &&
        (sink.events.empty() || request.form == reply_form::body)) {
        r.content_type = "application/json";
    } else {
        r.complete_body();
        sse::append_event(sink.events, sse::event{.data = r.body, .name = "message"});
        r.body = std::move(sink.events);
        stream_headers(r);
    }
    return true;
}

inline async_call::request http_calls::own(const http::request& q,
                                           const accepted_request& request) const {
    async_call::request kept;
    kept.id = request.message.id;
    kept.bytes = q.body.size();
    kept.method = request.message.method;
    kept.params = json_document::copy(request.message.params);
    kept.path = q.params;
    kept.revision = request.revision;
    kept.principal = request.identity;
    kept.session = request.session;
    kept.server_info = server_.info_text(request.revision);
    const trace_context trace = read_trace_headers(q.headers);
    kept.trace_parent = trace.parent;
    kept.trace_state = trace.state;
    return kept;
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

inline asio::awaitable<void> http_calls::run(http::response& r, async_call::request accepted,
                                             job work, std::shared_ptr<http_reply> reply,
                                             running_call running,
                                             std::function<void()> closed) const {
    const auto executor = co_await asio::this_coro::executor;
    jsonrpc::id id = accepted.id;
    const auto call = std::make_shared<async_call>(server_.environment(), executor,
                                                   std::move(accepted), reply, std::move(work));
    *running = call;
    call->start();
    const auto hold = [&call] { return call->hold(); };
    auto responding = respond(r, reply, std::move(closed), hold, std::move(id));
    const reply_status status = co_await std::move(responding);
    explain(r, status, call->lacking());
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
inline void http_calls::explain(http::response& r, reply_status status,
                                const std::vector<std::string>& lacking) const {
    if (status == reply_status::forbidden)
        r.set("WWW-Authenticate",
              challenge(server_.options().resource, "insufficient_scope", lacking));
    else if (status == reply_status::unavailable)
        r.set("Retry-After", "1");
}

} // namespace mcp::detail
