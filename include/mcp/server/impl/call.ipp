// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/writer.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/server/any_server.hpp>
#include <mcp/server/call.hpp>
#include <mcp/server/call_deadline.hpp>
#include <mcp/server/call_gate.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/permission.hpp>
#include <mcp/server/result_writer.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <exception>
#include <initializer_list>
#include <map>
#include <optional>

namespace mcp {

struct async_call::timing {
    detail::call_deadline deadline;
    std::optional<asio::steady_timer> timer; ///< until the call has ended
};

MCP_DECL async_call::async_call(any_server& server, const request_view& request, job work,
                                std::unique_ptr<call_place> place)
    : server_(server)
    , place_(std::move(place))
    , request_(request)
    , job_(std::move(work))
    , round_([this] { asio::post(executor_, [self = shared_from_this()] { end_round(self); }); })
    , context_(detail::context_access::make(server_.environment(), request_.view(), cancelled_,
                                            finished_, round_)) {}

MCP_DECL async_call::~async_call() = default;

MCP_DECL void async_call::start(asio::any_io_executor executor, std::shared_ptr<message_sink> sink,
                                std::shared_ptr<void> kept) {
    executor_ = std::move(executor);
    sink_ = std::move(sink);
    kept_ = std::move(kept);
    detail::context_access::set_sink(context_, *sink_);
    auto self = shared_from_this();
    if (place_)
        place_->bind([weak = weak_from_this()] {
            if (const auto call = weak.lock())
                call->cancel();
        });
    const auto own = job_.limits ? job_.limits->timeout : std::nullopt;
    const auto limit = own.value_or(server_.options().call_timeout);
    if (limit.count() > 0)
        limit_time(limit);
    auto ended = [self](std::exception_ptr failure) {
        if (failure)
            self->finish({}, reply_status::ok, outcome::cancelled);
    };
    asio::co_spawn(executor_, run(self), asio::bind_cancellation_slot(signal_.slot(), ended));
}

MCP_DECL void async_call::limit_time(std::chrono::milliseconds limit) {
    std::function<void()> resumed = [weak = weak_from_this()] {
        if (const auto call = weak.lock())
            asio::post(call->executor_, [call] { call->watch_time(); });
    };
    const auto now = detail::call_deadline::clock::now();
    timing_.reset(new timing{
        {limit, server_.options().progress_restarts_timeout, std::move(resumed), now}, {}});
    timing_->timer.emplace(executor_);
    detail::context_access::set_deadline(context_, timing_->deadline);
    watch_time();
}

MCP_DECL void async_call::watch_time() {
    if (finished_)
        return;
    const auto left = timing_->deadline.left(detail::call_deadline::clock::now());
    if (!left)
        return; // watched again after the pause
    if (*left == left->zero())
        return time_out();
    timing_->timer->expires_after(*left);
    timing_->timer->async_wait([weak = weak_from_this()](std::error_code stopped) {
        const auto call = stopped ? nullptr : weak.lock();
        if (call)
            call->watch_time();
    });
}

MCP_DECL void async_call::time_out() {
    if (cancelled_)
        return; // its end is on its way
    const auto limit = timing_->deadline.limit();
    const jsonrpc::error why = request_timed_out(limit, request_.revision);
    server_.environment().log(log_level::warning,
                              request_.method + " was cancelled after " +
                                  std::to_string(limit.count()) +
                                  " ms; see server_options::call_timeout and mcp::timeout",
                              request_.id.text(), request_.http_id);
    std::string response;
    jsonrpc::write_error(response, request_.id, why);
    finish(std::move(response), reply_status::ok, outcome::error, why.code);
    if (cancelled_.exchange(true))
        return;
    signal_.emit(asio::cancellation_type::terminal);
    round_.drop();
}

MCP_DECL void async_call::abandon() {
    if (hold() && place_)
        place_->abandon();
}

MCP_DECL bool async_call::hold() {
    if (held_.exchange(true))
        return true;
    budget_ = server_.environment().stream_budget();
    detail::byte_share share(budget_.get());
    if (share.resize(request_.bytes)) {
        share_ = std::move(share);
        return true;
    }
    server_.environment().log(
        log_level::warning,
        "a call was cancelled: calls and streams have reached their memory limit",
        request_.id.text(), request_.http_id);
    cancel();
    return false;
}

MCP_DECL void async_call::cancel() {
    if (cancelled_.exchange(true))
        return;
    asio::post(executor_, [self = shared_from_this()] {
        self->signal_.emit(asio::cancellation_type::terminal);
        self->round_.drop();
        self->finish({}, reply_status::ok, outcome::cancelled);
    });
}

MCP_DECL asio::awaitable<void> async_call::run(std::shared_ptr<async_call> self) {
    std::string response;
    result_writer writer(response, self->request_.id, self->request_.revision,
                         self->server_.info_text(self->request_.revision));
    reply_status status = reply_status::ok;
    try {
        if (self->job_.admission) {
            const json params =
                self->context_.params() ? self->context_.params().to_json() : json(json_object());
            co_await self->job_.admission(*self->request_.principal, params.get_object(),
                                          &self->request_.path);
        }
        if (is_modern(self->request_.revision))
            co_await self->restore_round();
        if (self->cancelled_)
            co_return; // cancelled, and the predicate ignored it
        detail::call_permit permit;
        if (self->job_.limits && self->job_.limits->gate) {
            permit = self->job_.limits->gate->ask();
            if (permit.refused())
                throw detail::too_many_calls(*self->job_.limits);
            co_await permit.granted();
        }
        self->sink_->admitted();
        co_await self->job_.work(self->context_, writer);
        detail::limit_result(writer, self->context_, self->job_.limits.get());
        writer.finish();
    } catch (const forbidden& e) {
        detail::context_access::forbid(self->context_, e.scopes());
        writer.fail(e.error());
        status = reply_status::forbidden;
    } catch (...) {
        if (!self->cancelled_)
            status = detail::write_failure(self->server_.environment(), writer,
                                           self->request_.view(), std::current_exception());
    }
    self->finish(std::move(response), status, detail::outcome_of(writer, status),
                 writer.error_code());
}

MCP_DECL asio::awaitable<void> async_call::restore_round() {
    const auto retry = read_input_retry(context_.params());
    if (!retry)
        throw protocol_error(invalid_params("params." + retry.error().what()));
    if (retry->request_state) {
        const state_binding binding = bind();
        const auto payload =
            co_await server_.environment().state.open(binding, *retry->request_state);
        if (!payload || !round_.restore(*payload))
            throw protocol_error(invalid_params("params.requestState is unknown, altered or "
                                                "expired; send the request again without it"));
    }
    if (retry->responses)
        round_.add(retry->responses);
}

namespace detail {

/// Writes objects sorted by key: a client may send its members in another order the next time.
/// Leaves out the members `without` of the outermost object.
inline void write_sorted(json_writer& w, json_view value,
                         std::initializer_list<std::string_view> without = {}) {
    if (value.is_array()) {
        w.begin_array();
        for (const json_view each : value.elements())
            write_sorted(w, each);
        w.end_array();
    } else if (value.is_object()) {
        std::map<std::string_view, json_view> members;
        for (const auto& [name, member] : value.members())
            members.emplace(name, member);
        for (const std::string_view name : without)
            members.erase(name);
        w.begin_object();
        for (const auto& [name, member] : members) {
            w.key(name);
            write_sorted(w, member);
        }
        w.end_object();
    } else {
        w.value(value);
    }
}

} // namespace detail

MCP_DECL state_binding async_call::bind() const {
    static const json_object none;
    std::string text = request_.method;
    json_writer w(text);
    detail::write_sorted(w, context_.params() ? context_.params() : none,
                         {"_meta", "requestState", "inputResponses"});
    return {request_.principal ? request_.principal->subject : std::string(), std::move(text)};
}

MCP_DECL void async_call::end_round(std::shared_ptr<async_call> self) {
    if (self->finished_)
        return self->round_.drop(); // cancelled meanwhile: the client is not asked
    asio::co_spawn(self->executor_, ask(self), asio::detached);
}

MCP_DECL asio::awaitable<void> async_call::ask(std::shared_ptr<async_call> self) {
    std::string response;
    result_writer writer(response, self->request_.id, self->request_.revision,
                         self->server_.info_text(self->request_.revision));
    reply_status status = reply_status::ok;
    try {
        const state_binding binding = self->bind();
        auto payload = self->round_.payload();
        const std::string state =
            co_await self->server_.environment().state.seal(binding, std::move(payload));
        input_required asked;
        asked.requests = self->round_.missing();
        asked.request_state = state;
        asked.of_tool = self->request_.method == "tools/call";
        write(writer.whole(), asked, writer.server_info());
        writer.finish();
    } catch (...) {
        status = detail::write_failure(self->server_.environment(), writer, self->request_.view(),
                                       std::current_exception());
    }
    const bool asked = writer.error_code() == 0;
    self->finish(std::move(response), status, asked ? outcome::input_required : outcome::error,
                 writer.error_code());
    self->round_.drop();
}

MCP_DECL void async_call::finish(std::string response, reply_status status, outcome how, int code) {
    if (finished_.exchange(true))
        return;
    if (timing_)
        timing_->timer.reset();
    if (job_.span)
        job_.span.end(cancelled_ ? outcome::cancelled : how, cancelled_ ? 0 : code);
    if (place_)
        place_->give_back();
    if (cancelled_)
        response.clear();
    sink_->finish(std::move(response), status);
}

} // namespace mcp
