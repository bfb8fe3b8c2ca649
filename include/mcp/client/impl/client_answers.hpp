// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/client/impl/client_core.hpp>
#include <mcp/client/impl/client_exchange.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/input_required.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <new> // asio::co_spawn of Asio 1.22 needs it
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace mcp::detail {

inline client_capabilities client_core::capabilities() const {
    client_capabilities can;
    can.roots = can.roots_list_changed = bool(questions.roots);
    can.sampling = bool(questions.sample);
    can.sampling_tools = can.sampling && questions.sampling.tools;
    can.sampling_context = can.sampling && questions.sampling.context;
    can.elicitation_form = bool(questions.elicit);
    can.elicitation_url = bool(questions.elicit_url);
    can.extensions = options.extensions;
    return can;
}

/// Returns the result of a form: with the values of the user, and the defaults of the form for what
/// is missing.
inline std::string elicit_result_text(const elicit_answer& given, const json& schema) {
    std::string text;
    json_writer w(text);
    if (given.action() != elicit_action::accept) {
        write_elicit_result(w, given.action());
        return text;
    }
    auto values = given.values().empty() ? result<json, parse_error>(json(json_object()))
                                         : parse_json(given.values());
    if (!values || !values->is_object())
        throw std::invalid_argument("the values of an elicit_answer must be an object");
    for (const auto& [name, value] : elicitation_defaults(schema))
        if (!values->get_object().contains(name))
            values->get_object()[name] = value;
    std::string content;
    json_writer c(content);
    c.value(*values);
    write_elicit_result(w, elicit_action::accept, content);
    return text;
}

[[noreturn]] inline void refuse_question(std::string_view method) {
    throw protocol_error(jsonrpc::errc::method_not_found,
                         "The client does not support " + std::string(method));
}

/// Throws the error for params that cannot be read.
template <class Read>
auto read_or_refuse(Read read, std::string_view method) {
    if (!read)
        throw protocol_error(invalid_params(std::string(method) + ": " + read.error().what()));
    return *std::move(read);
}

/// Answers one question of the server: returns the result as JSON text.
inline asio::awaitable<std::string> client_core::answer(std::shared_ptr<client_core> self,
                                                        std::string method, json params) {
    std::string out;
    json_writer w(out);
    if (method == "ping") {
        out = "{}";
    } else if (method == elicit_method) {
        auto asked = read_or_refuse(read_elicitation_params(params), method);
        if (asked.form && self->questions.elicit) {
            auto question = std::make_shared<elicit_request>();
            question->message = std::move(asked.form->message);
            question->schema = json(json_object());
            if (auto schema = parse_json(asked.form->schema))
                question->schema = *std::move(schema);
            auto later = self->questions.elicit(question);
            const elicit_answer given = co_await std::move(later);
            out = elicit_result_text(given, question->schema);
        } else if (asked.url && self->questions.elicit_url) {
            auto question = std::make_shared<const url_elicitation>(*std::move(asked.url));
            auto later = self->questions.elicit_url(std::move(question));
            const elicit_action given = co_await std::move(later);
            write_elicit_result(w, given);
        } else {
            refuse_question(asked.url ? "elicitation/create by URL" : elicit_method);
        }
    } else if (method == sampling_method && self->questions.sample) {
        auto question = std::make_shared<const sampling_request>(
            read_or_refuse(read_sampling_params(params), method));
        auto later = self->questions.sample(std::move(question));
        const sampling_result given = co_await std::move(later);
        write(w, given, self->facts.revision);
    } else if (method == roots_method && self->questions.roots) {
        auto later = self->questions.roots(std::make_shared<const nothing>());
        const std::vector<root> given = co_await std::move(later);
        write_roots(w, given);
    } else {
        refuse_question(method);
    }
    co_return out;
}

/// Counts a response until it is sent, or given up.
struct reply_place {
    std::size_t& count;

    explicit reply_place(std::size_t& count_) : count(count_) {}
    reply_place(const reply_place&) = delete;
    reply_place& operator=(const reply_place&) = delete;
    ~reply_place() { --count; }
};

/// Answers a request of a legacy server, or refuses it.
inline asio::awaitable<void>
client_core::answer_request(std::shared_ptr<client_core> self, transport_ptr transport,
                            std::shared_ptr<asio::cancellation_signal> signal, jsonrpc::id id,
                            std::string method, json params, std::string refusal) {
    const reply_place place(self->replies_);
    const auto state = co_await asio::this_coro::cancellation_state;
    std::string out;
    std::string fault;
    try {
        if (!refusal.empty())
            throw protocol_error(invalid_request(std::move(refusal)));
        auto later = answer(self, method, std::move(params));
        const std::string result = co_await std::move(later);
        jsonrpc::write_response(out, id, result);
    } catch (const protocol_error& error) {
        jsonrpc::write_error(out, id, error.error());
    } catch (const std::exception& failure) {
        fault = failure.what();
    } catch (...) {
        fault = "an exception of its own type";
    }
    const auto found = self->answers_.find(id.text());
    if (found != self->answers_.end() && found->second == signal)
        self->answers_.erase(found);
    if (state.cancelled() != asio::cancellation_type::none)
        co_return; // the server no longer waits
    if (!fault.empty()) {
        self->fault(nullptr, "the handler of " + method + " has failed: " + fault);
        jsonrpc::write_error(out, id, internal_error());
    }
    try {
        co_await transport->notify(std::move(out), self->facts.revision);
    } catch (const transport_error& failure) {
        self->fault(nullptr, failure.what());
    }
}

/// Answers the questions that a modern server has put in its result. Returns the members of the
/// next request. The exceptions of handlers are those of the call.
inline asio::awaitable<std::string> client_core::answer_all(std::shared_ptr<client_core> self,
                                                            input_required asked) {
    std::string members;
    if (asked.requests.empty())
        co_return members;
    json_object given;
    for (const input_request& each : asked.requests) {
        auto params = each.params.empty() ? result<json, parse_error>(json(json_object()))
                                          : parse_json(each.params);
        if (!params)
            throw self->broken("bad params of " + each.method + ": " + params.error().what());
        auto later = answer(self, each.method, *std::move(params));
        const std::string text = co_await std::move(later);
        if (auto result = parse_json(text))
            given[each.key] = *std::move(result);
    }
    json_writer w(members);
    w.value(given);
    members.insert(0, "\"inputResponses\":");
    co_return members;
}

/// The answers to questions, while a call waits for them.
struct awaited_answers {
    awaited_answers(const asio::any_io_executor& executor, call_times::clock::time_point end)
        : timer(executor, end) {}

    asio::cancellation_signal stop;
    asio::steady_timer timer; ///< expires at the end of the call; cancelled when `ended`
    std::string members;
    std::exception_ptr failure;
    bool ended = false;
};

struct end_of_answers {
    std::shared_ptr<awaited_answers> all;

    void operator()(std::exception_ptr failure, std::string members) const {
        all->failure = std::move(failure);
        all->members = std::move(members);
        all->ended = true;
        all->timer.cancel();
    }
};

/// Does `answer_all`, until the time of the call is over.
inline asio::awaitable<std::string> client_core::answer_within(input_required asked,
                                                               std::string what,
                                                               call_times::clock::time_point end) {
    const auto self = shared_from_this();
    const auto all = std::make_shared<awaited_answers>(executor_, end);
    asio::co_spawn(executor_, answer_all(self, std::move(asked)),
                   asio::bind_cancellation_slot(all->stop.slot(), end_of_answers{all}));
    const auto state = co_await asio::this_coro::cancellation_state;
    std::error_code woken;
    if (!all->ended)
        co_await all->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (!all->ended) {
        all->stop.emit(asio::cancellation_type::terminal);
        if (state.cancelled() != asio::cancellation_type::none)
            throw std::system_error(asio::error::operation_aborted);
        throw transport_error(transport_failure::timeout,
                              name_ + ": " + what + " got no response in time");
    }
    if (all->failure)
        std::rethrow_exception(all->failure);
    co_return std::move(all->members);
}

inline void client_core::told_of_roots() {
    if (!connected_ || is_modern(facts.revision))
        return;
    std::string message;
    jsonrpc::write_notification(message, "notifications/roots/list_changed");
    tell(std::move(message));
}

} // namespace mcp::detail
