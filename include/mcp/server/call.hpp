#pragma once

#include <mcp/async/byte_budget.hpp>
#include <mcp/json/value.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/failure.hpp>
#include <mcp/server/input_round.hpp>
#include <mcp/server/legacy/call_slots.hpp>
#include <mcp/server/message_sink.hpp>
#include <mcp/server/result_writer.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcp {

/// Holds the part of a request that must be awaited: the permission check, and the work that writes
/// the members of the result.
class job {
public:
    using function = std::function<asio::awaitable<void>(context&, result_writer&)>;
    using check = std::function<asio::awaitable<void>(const principal&, const json_object&)>;

    job() = default;
    template <class F>
        requires(!std::same_as<F, job> && std::constructible_from<function, F>)
    job(F work_) : work(std::move(work_)) {}

    /// Checks the permission of the principal against the request's parameters, and throws to
    /// refuse. Both arguments live until the check has ended. Empty if no predicate must be
    /// awaited.
    check admission;
    function work;
    call_span span; ///< of the whole request, if it is observed
};

/// Runs a request whose response is not ready at once. It owns all that the handler refers to, runs
/// the handler on an executor, and gives the response to a sink.
///
/// It lives until it has finished, even if the connection of the request closes.
class async_call : public std::enable_shared_from_this<async_call> {
public:
    /// The parts of the request that the call keeps.
    struct request {
        jsonrpc::id id;
        std::string method;
        json_object params;
        http::path_params path;
        std::shared_ptr<const mcp::principal> principal; ///< null if not authenticated
        mcp::revision revision = latest;
        std::shared_ptr<legacy::session> session; ///< null on the modern wire
        legacy::call_slot slot;                   ///< of the session; held until the call ends
        std::string server_info;                  ///< JSON text
        std::string trace_parent{};               ///< the trace context of the transport
        std::string trace_state{};
        std::shared_ptr<void> kept{}; ///< kept by the transport while the call is under way
        std::size_t bytes = 0;        ///< size of the request text, which the transport counts
    };

    async_call(server_environment& environment, asio::any_io_executor executor, request what,
               std::shared_ptr<message_sink> sink, job work)
        : environment_(environment)
        , executor_(std::move(executor))
        , slot_(std::move(what.slot))
        , request_(std::move(what))
        , sink_(std::move(sink))
        , job_(std::move(work))
        , round_(
              [this] { asio::post(executor_, [self = shared_from_this()] { end_round(self); }); })
        , context_(environment_,
                   caller{request_.revision, sink_.get(), request_.session.get(), &request_.path,
                          request_.principal.get(),
                          trace_context{request_.trace_parent, request_.trace_state}},
                   &request_.params) {
        context_.cancelled_ = &cancelled_;
        context_.finished_ = &finished_;
        context_.round_ = &round_;
    }

    /// Runs the handler up to its first suspension on this thread, and then on the executor.
    void start() {
        auto self = shared_from_this();
        slot_.bind([weak = weak_from_this()] {
            if (const auto call = weak.lock())
                call->cancel();
        });
        auto ended = [self](std::exception_ptr failure) {
            if (failure)
                self->finish({}, reply_status::ok, outcome::cancelled);
        };
        asio::co_spawn(executor_, run(self), asio::bind_cancellation_slot(signal_.slot(), ended));
    }

    /// Returns the scopes that the principal lacks, after the call was refused for them.
    const std::vector<std::string>& lacking() const noexcept { return context_.lacking(); }

    /// Marks the call as one whose connection has gone. A legacy call goes on, and its place among
    /// the calls of its session becomes free. Any thread.
    void abandon() {
        if (hold())
            slot_.abandon();
    }

    /// Moves the bytes of the request from the connection's count to that of the event streams. If
    /// there is no room, cancels the call and returns false. Any thread.
    bool hold() {
        if (held_.exchange(true))
            return true;
        budget_ = environment_.stream_budget();
        byte_share share(budget_.get());
        if (share.resize(request_.bytes)) {
            share_ = std::move(share);
            return true;
        }
        environment_.log(log_level::warning,
                         "a call was cancelled: calls and streams have reached their memory limit",
                         request_.id.text());
        cancel();
        return false;
    }

    /// Cancels the handler; its response, if any, is dropped. Any thread.
    void cancel() {
        if (cancelled_.exchange(true))
            return;
        asio::post(executor_, [self = shared_from_this()] {
            self->signal_.emit(asio::cancellation_type::terminal);
            self->round_.drop();
            self->finish({}, reply_status::ok, outcome::cancelled);
        });
    }

private:
    static asio::awaitable<void> run(std::shared_ptr<async_call> self) {
        std::string answer;
        result_writer writer(answer, self->request_.id, self->request_.revision,
                             self->request_.server_info);
        reply_status status = reply_status::ok;
        try {
            if (self->job_.admission)
                co_await self->job_.admission(*self->request_.principal, self->request_.params);
            if (is_modern(self->request_.revision))
                co_await self->restore_round();
            if (self->cancelled_)
                co_return; // cancelled, and the predicate ignored it
            self->sink_->admitted();
            co_await self->job_.work(self->context_, writer);
            writer.finish();
        } catch (const forbidden& e) {
            self->context_.forbid(e.scopes());
            writer.fail(e.error());
            status = reply_status::forbidden;
        } catch (...) {
            if (!self->cancelled_)
                status = write_failure(self->environment_, writer, self->request_.method,
                                       self->request_.id, std::current_exception());
        }
        self->finish(std::move(answer), status, outcome_of(writer, status), writer.error_code());
    }

    /// Restores the answers of earlier rounds of this call. [MCP 2026-07-28 basic/patterns/mrtr]
    asio::awaitable<void> restore_round() {
        const auto retry = read_input_retry(&request_.params);
        if (!retry)
            throw protocol_error(invalid_params("params." + retry.error().what()));
        if (retry->request_state) {
            const state_binding binding = bind();
            const auto payload = co_await environment_.state.open(binding, *retry->request_state);
            if (!payload || !round_.restore(*payload))
                throw protocol_error(invalid_params("params.requestState is unknown, altered or "
                                                    "expired; send the request again without it"));
        }
        if (retry->responses)
            round_.add(*retry->responses);
    }

    /// Returns the binding of a request state to this call: the principal, the method, and the
    /// parameters that stay the same in every round.
    state_binding bind() const {
        json_object same(request_.params, json_storage{});
        for (const std::string_view key : {"_meta", "requestState", "inputResponses"})
            same.erase(key);
        std::string text = request_.method;
        json_writer w(text);
        write_sorted(w, json(std::move(same)));
        return {request_.principal ? request_.principal->subject : std::string(), std::move(text)};
    }

    /// Writes objects sorted by key: a client may send its members in another order the next time.
    static void write_sorted(json_writer& w, const json& value) {
        if (const json_array* array = value.if_array()) {
            w.begin_array();
            for (const json& each : *array)
                write_sorted(w, each);
            w.end_array();
        } else if (const json_object* object = value.if_object()) {
            std::map<std::string_view, const json*> members;
            for (const auto& entry : *object)
                members.emplace(entry.key(), &entry.value());
            w.begin_object();
            for (const auto& [key, member] : members) {
                w.key(key);
                write_sorted(w, *member);
            }
            w.end_object();
        } else {
            w.value(value);
        }
    }

    /// Asks the client for the missing answers and drops the handler that waits for them.
    static void end_round(std::shared_ptr<async_call> self) {
        if (self->finished_)
            return self->round_.drop(); // cancelled meanwhile: the client is not asked
        asio::co_spawn(self->executor_, ask(self), asio::detached);
    }
    static asio::awaitable<void> ask(std::shared_ptr<async_call> self) {
        std::string answer;
        result_writer writer(answer, self->request_.id, self->request_.revision,
                             self->request_.server_info);
        reply_status status = reply_status::ok;
        try {
            const state_binding binding = self->bind();
            auto payload = self->round_.payload();
            const std::string state =
                co_await self->environment_.state.seal(binding, std::move(payload));
            input_required asked;
            asked.requests = self->round_.missing();
            asked.request_state = state;
            asked.of_tool = self->request_.method == "tools/call";
            write(writer.whole(), asked, writer.server_info());
            writer.finish();
        } catch (...) {
            status = write_failure(self->environment_, writer, self->request_.method,
                                   self->request_.id, std::current_exception());
        }
        const bool asked = writer.error_code() == 0;
        self->finish(std::move(answer), status, asked ? outcome::input_required : outcome::error,
                     writer.error_code());
        self->round_.drop();
    }

    void finish(std::string answer, reply_status status, outcome how, int code = 0) {
        if (finished_.exchange(true))
            return;
        if (job_.span)
            job_.span.end(cancelled_ ? outcome::cancelled : how, cancelled_ ? 0 : code);
        slot_.give_back();
        if (cancelled_)
            answer.clear();
        sink_->finish(std::move(answer), status);
    }

    server_environment& environment_;
    asio::any_io_executor executor_;
    legacy::call_slot slot_;
    const request request_;
    std::shared_ptr<message_sink> sink_;
    job job_;
    asio::cancellation_signal signal_;
    std::atomic<bool> cancelled_{false};
    std::atomic<bool> finished_{false};
    std::atomic<bool> held_{false};
    std::shared_ptr<byte_budget> budget_; ///< set once the kept bytes are counted
    byte_share share_;                    ///< of `budget_`
    input_round round_;
    context context_;
};

} // namespace mcp
