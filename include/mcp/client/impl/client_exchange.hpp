// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/saturating_time.hpp>
#include <mcp/client/impl/client_core.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/implementation.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/meta.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <memory>
#include <new> // asio::co_spawn of Asio 1.22 needs it
#include <string>
#include <system_error>
#include <utility>

namespace mcp::detail {

/// Keeps the call while the slot of its signal is in use.
struct keep_call {
    std::shared_ptr<client_call> call;
    void operator()(std::exception_ptr) const noexcept {}
};

/// Ends the call in the table of calls under way.
struct call_place {
    std::unordered_map<std::int64_t, std::shared_ptr<client_call>>& calls;
    std::int64_t id;
    std::shared_ptr<call_clock> clock;

    call_place(std::unordered_map<std::int64_t, std::shared_ptr<client_call>>& calls_,
               const std::shared_ptr<client_call>& call, std::shared_ptr<call_clock> clock_)
        : calls(calls_)
        , id(call->id())
        , clock(std::move(clock_)) {
        calls.emplace(id, call);
    }
    call_place(const call_place&) = delete;
    call_place& operator=(const call_place&) = delete;
    ~call_place() {
        calls.erase(id);
        if (calls.empty())
            clock->idle();
    }
};

/// How many abandoned requests the client remembers, whose responses may still come.
inline constexpr std::size_t most_abandoned = 256;

/// Appends members of JSON objects, with commas between them.
inline void append_members(std::string& to, std::string_view members) {
    if (!members.empty())
        to.append(to.empty() || to.back() == '{' ? "" : ",").append(members);
}

inline client_transport& client_core::transport() {
    if (!transport_)
        throw transport_error(transport_failure::not_connected, "the client is not connected");
    return *transport_;
}

inline const std::string& client_core::modern_meta() {
    if (modern_meta_.empty()) {
        json_writer w(modern_meta_);
        w.begin_object();
        w.member(meta_key::protocol_version, to_string(facts.revision));
        w.key(meta_key::client_info);
        implementation self(options.name, options.version);
        self.title = options.title;
        write(w, self, facts.revision);
        w.key(meta_key::client_capabilities);
        write(w, capabilities(), facts.revision);
        w.end_object();
        modern_meta_.pop_back(); // the members of one request follow
    }
    return modern_meta_;
}

inline outgoing_request client_core::outgoing(const client_request& what, const call_options& given,
                                              const std::string& more, std::int64_t id) {
    const bool modern = is_modern(facts.revision) && what.method != "initialize";
    std::string params = "{";
    params.reserve(what.members.size() + more.size() + 400);
    append_members(params, what.members);
    append_members(params, more);
    std::string meta = modern ? modern_meta() : "{";
    const auto level = given.log_level ? given.log_level : options.log_level;
    if (modern && level)
        append_members(meta, '"' + std::string(meta_key::log_level) + "\":\"" +
                                 std::string(to_string(*level)) + '"');
    if (given.on_progress)
        append_members(meta, "\"progressToken\":" + std::to_string(id));
    if (!given.meta.empty()) {
        std::string members;
        json_writer w(members);
        w.value(given.meta);
        append_members(meta, std::string_view(members).substr(1, members.size() - 2));
    }
    if (meta.size() > 1)
        append_members(params, "\"_meta\":" + meta + '}');
    params += '}';

    outgoing_request request;
    request.method = what.method;
    request.revision = what.method == "initialize" ? latest_legacy : facts.revision;
    request.name = what.name;
    request.parameters = what.parameters;
    jsonrpc::write_request(request.body, jsonrpc::id(id), what.method, params);
    return request;
}

/// Sends the request of a call. Fails the call if its response cannot come any more.
inline asio::awaitable<void> client_core::send([[maybe_unused]] std::shared_ptr<client_core> self,
                                               transport_ptr transport,
                                               std::shared_ptr<client_call> call,
                                               outgoing_request request, std::string what) {
    // A cancelled request ends before its transport does: the name must be that of this frame.
    request.method = std::string_view(what).substr(0, request.method.size());
    std::exception_ptr failure;
    try {
        const send_result sent = co_await transport->send(std::move(request), *call);
        if (sent == send_result::complete && !call->done())
            failure = std::make_exception_ptr(transport_error(
                transport_failure::closed,
                self->name_ + ": the server ended the response to " + what + " without a result"));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure)
        call->fail(failure);
}

/// Sends a request and waits for its response, its time or its cancellation.
inline asio::awaitable<client_response> client_core::exchange(const client_request& what,
                                                              const call_options& given,
                                                              const std::string& more,
                                                              call_times::clock::time_point end) {
    const auto self = shared_from_this();
    client_core::transport();
    const transport_ptr transport = transport_;
    const call_times times(
        given.timeout.value_or(options.timeout), end,
        given.progress_extends_timeout.value_or(options.progress_extends_timeout));
    const auto call = std::make_shared<client_call>(*this, ++last_id_, executor_, times);
    call->on_progress = given.on_progress;
    call->subscription = what.subscription;
    const auto clock = clock_;
    const call_place place(under_way_, call, clock);
    asio::co_spawn(
        executor_,
        send(self, transport, call, outgoing(what, given, more, call->id()), what.what()),
        asio::bind_cancellation_slot(call->abort.slot(), keep_call{call}));

    const auto state = co_await asio::this_coro::cancellation_state;
    while (!call->done()) {
        std::error_code ended;
        clock->watch(call->times.end());
        co_await call->changed().async_wait(asio::redirect_error(asio::use_awaitable, ended));
        if (call->done())
            break;
        if (state.cancelled() != asio::cancellation_type::none) {
            abandon(*call, what);
            throw std::system_error(asio::error::operation_aborted);
        }
        if (!answers_.empty() && call->times.begin_within_whole())
            continue; // the user is being asked
        if (call_times::clock::now() >= call->times.end()) {
            abandon(*call, what);
            throw transport_error(transport_failure::timeout,
                                  name_ + ": " + what.what() + " got no response in time");
        }
    }
    co_return call->take();
}

/// Wakes the calls whose time is over. Returns the next end.
inline call_times::clock::time_point client_core::wake_overdue(call_times::clock::time_point now) {
    auto next = call_times::clock::time_point::max();
    for (const auto& [id, call] : under_way_)
        if (call->times.end() <= now)
            call->changed().cancel();
        else
            next = std::min(next, call->times.end());
    return next;
}

/// Tells the server that nobody waits for the response any more.
inline void client_core::abandon(client_call& call, const client_request& what) {
    call.fail(std::make_exception_ptr(std::system_error(asio::error::operation_aborted)));
    const bool by_stream = transport_ && transport_->has_streams() && is_modern(facts.revision);
    if (!by_stream && what.method != "initialize" && what.method != "server/discover") {
        std::string message;
        jsonrpc::write_notification(message, "notifications/cancelled",
                                    "{\"requestId\":" + std::to_string(call.id()) + '}');
        tell(std::move(message));
        abandoned_.insert(call.id());
        if (abandoned_.size() > most_abandoned)
            abandoned_.erase(abandoned_.begin());
    }
    call.abort.emit(asio::cancellation_type::terminal);
}

inline asio::awaitable<client_response> client_core::request(client_request what,
                                                             call_options given) {
    const auto self = shared_from_this();
    const auto total = given.total_timeout.value_or(options.total_timeout);
    const auto end = total.count() > 0 ? later(call_times::clock::now(), total)
                                       : call_times::clock::time_point::max();
    if (renewing_)
        co_await renew_session(session_);
    const std::uint64_t session = session_;
    bool renew = false;
    try {
        co_return co_await rounds(what, given, end);
    } catch (const transport_error& failure) {
        if (failure.why() != transport_failure::session_ended || !options.renew_session)
            throw;
        renew = true;
    }
    if (renew)
        co_await renew_session(session);
    co_return co_await rounds(what, given, end);
}

/// Sends a request until the result is complete: a modern server may ask for input first.
inline asio::awaitable<client_response> client_core::rounds(const client_request& what,
                                                            const call_options& given,
                                                            call_times::clock::time_point end) {
    const auto self = shared_from_this();
    std::string more;
    for (std::size_t round = 0;; ++round) {
        client_response response = co_await exchange(what, given, more, end);
        if (response.message.kind == jsonrpc::message_kind::error)
            throw protocol_error(response.message.error);
        response.after_questions = round > 0;
        if (!is_modern(facts.revision))
            co_return response;
        const auto type = response.result().find("resultType").if_string();
        if (!type || *type == "complete")
            co_return response;
        if (*type != input_required_type)
            throw broken("the result of " + what.what() +
                         " has a resultType that the client does not know");
        if (round == options.rounds)
            throw broken(what.what() + " asked for input " + std::to_string(round + 1) + " times");
        auto asked = read_input_required(response.result());
        if (!asked)
            throw broken(what.what() + ": bad input request: " + asked.error().what());
        std::optional<std::string> request_state = asked->request_state;
        more = co_await answer_within(*std::move(asked), what.what(), end);
        if (request_state) {
            std::string state_text;
            json_writer w(state_text);
            w.value(*request_state);
            append_members(more, "\"requestState\":" + state_text);
        }
    }
}

inline asio::awaitable<void> client_core::send_notification(std::shared_ptr<client_core> self,
                                                            transport_ptr transport,
                                                            std::string message) {
    try {
        co_await transport->notify(std::move(message), self->facts.revision);
    } catch (const transport_error& failure) {
        self->fault(nullptr, failure.what());
    }
}

inline void client_core::tell(std::string message) {
    if (transport_)
        asio::co_spawn(executor_,
                       send_notification(shared_from_this(), transport_, std::move(message)),
                       asio::detached);
}

inline asio::awaitable<void> client_core::notify(std::string message) {
    client_core::transport();
    const transport_ptr transport = transport_;
    co_await transport->notify(std::move(message), facts.revision);
}

} // namespace mcp::detail
