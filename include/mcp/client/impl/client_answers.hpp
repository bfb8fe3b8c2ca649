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

#include <exception>
#include <memory>
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

/// Answers a request of a legacy server.
inline asio::awaitable<void> client_core::answer_request(std::shared_ptr<client_core> self,
                                                         transport_ptr transport, jsonrpc::id id,
                                                         std::string method, json params) {
    std::string out;
    bool cancelled = false;
    try {
        auto later = answer(self, method, std::move(params));
        const std::string result = co_await std::move(later);
        jsonrpc::write_response(out, id, result);
    } catch (const protocol_error& refusal) {
        jsonrpc::write_error(out, id, refusal.error());
    } catch (const std::system_error& failure) {
        cancelled = failure.code() == asio::error::operation_aborted;
        jsonrpc::write_error(out, id, internal_error());
    } catch (const std::exception& failure) {
        self->fault(nullptr, "the handler of " + method + " has failed: " + failure.what());
        jsonrpc::write_error(out, id, internal_error());
    }
    self->answers_.erase(std::string(id.text()));
    if (cancelled)
        co_return; // the server no longer waits
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

inline void client_core::told_of_roots() {
    if (!connected_ || is_modern(facts.revision))
        return;
    std::string message;
    jsonrpc::write_notification(message, "notifications/roots/list_changed");
    tell(std::move(message));
}

} // namespace mcp::detail
