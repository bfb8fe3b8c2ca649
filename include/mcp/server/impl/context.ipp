// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/random.hpp>
#include <mcp/http/message.hpp>
#include <mcp/json/limits.hpp>
#include <mcp/json/parse.hpp>
#include <mcp/jsonrpc/id.hpp>
#include <mcp/protocol/errors.hpp>
#include <mcp/protocol/meta.hpp>
#include <mcp/protocol/progress.hpp>
#include <mcp/server/call_deadline.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/environment.hpp>
#include <mcp/server/input_round.hpp>
#include <mcp/server/message_sink.hpp>
#ifndef MCP_NO_LEGACY
#include <mcp/server/legacy/session.hpp>
#endif

#include <cmath>
#include <exception>
#include <stdexcept>

namespace mcp {

MCP_DECL json_view context::request_meta() const noexcept {
    const json_view meta = params().find("_meta");
    return meta && meta.is_object() ? meta : json_view();
}

MCP_DECL trace_context context::trace() const noexcept {
    const trace_context own = read_trace_context(request_meta());
    return own.empty() ? request_.trace : own;
}

MCP_DECL std::optional<implementation> context::client() const {
#ifndef MCP_NO_LEGACY
    if (request_.session) {
        const implementation& known = request_.session->client();
        return known.name.empty() ? std::nullopt : std::optional(known); // empty: no initialize
    }
#endif
    const json_view info = request_meta().find(meta_key::client_info);
    if (!info)
        return std::nullopt;
    auto read = read_implementation(info);
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

MCP_DECL client_capabilities context::capabilities() const {
#ifndef MCP_NO_LEGACY
    if (request_.session)
        return request_.session->capabilities();
#endif
    const json_view given = request_meta().find(meta_key::client_capabilities);
    if (!given)
        return {};
    auto read = read_client_capabilities(given);
    return read ? std::move(*read) : client_capabilities();
}

MCP_DECL std::string_view context::request_id() const noexcept {
    return request_.id.text();
}

MCP_DECL std::string_view context::session_id() const noexcept {
#ifndef MCP_NO_LEGACY
    if (request_.session)
        return request_.session->id();
#endif
    return {};
}

MCP_DECL std::optional<std::string_view> context::path_text(std::string_view name) const {
    return request_.path ? request_.path->find(name) : std::nullopt;
}

MCP_DECL void context::progress(double value, std::optional<double> total,
                                std::string_view message) {
    if (finished() || !std::isfinite(value) || (progress_ && value <= *progress_))
        return;
    if (deadline_) {
        deadline_->progress(detail::call_deadline::clock::now());
        progress_ = value;
    }
    if (total && !std::isfinite(*total))
        total.reset();
    const json_view member = request_meta().find(meta_key::progress_token);
    const auto token = member ? progress_token::from(member) : std::nullopt;
    if (!token)
        return;
    progress_ = value;
    std::string text;
    write_progress(text, *token, progress_update(value, total, std::string(message)), revision());
    request_.sink->send(std::move(text));
}

MCP_DECL std::optional<log_level> context::threshold() const {
#ifndef MCP_NO_LEGACY
    if (request_.session)
        return request_.session->threshold();
#endif
    const auto level = request_meta().find(meta_key::log_level).if_string();
    return level ? parse_log_level(*level) : std::nullopt;
}

MCP_DECL void context::log(log_level level, const json& data, std::string_view logger) {
    const auto wanted = threshold();
    if (finished() || !wanted || level < *wanted)
        return;
    std::string text;
    write_log(text, log_message(level, encode(data), std::string(logger)));
    request_.sink->send(std::move(text));
}

MCP_DECL void context::debug(std::string_view text) {
    log(log_level::debug, json(text));
}
MCP_DECL void context::info(std::string_view text) {
    log(log_level::info, json(text));
}
MCP_DECL void context::warning(std::string_view text) {
    log(log_level::warning, json(text));
}
MCP_DECL void context::error(std::string_view text) {
    log(log_level::error, json(text));
}

MCP_DECL void context::count(std::string_view name, std::uint64_t by) const {
    environment_.count(name, by);
}

MCP_DECL void context::close_stream() {
    request_.sink->close_stream();
}

MCP_DECL asio::awaitable<elicit_result<json_object>>
context::elicit(std::string message, std::string schema, mcp::key key) {
    open_elicitation form(form_elicitation(std::move(message), std::move(schema)), std::move(key));
    co_return co_await ask_one(std::move(form));
}

MCP_DECL asio::awaitable<elicit_result<json_object>>
context::elicit_url(std::string message, std::string url, std::string id, mcp::key key) {
    if (id.empty())
        id = random_token(16); // see `url_elicitation::id`
    return ask_one(open_elicitation(
        url_elicitation(std::move(message), std::move(url), std::move(id)), std::move(key)));
}

MCP_DECL asio::awaitable<sampling_result> context::sample(sampling_request request, mcp::key key) {
    return ask_one(sampling(std::move(request), std::move(key)));
}

MCP_DECL asio::awaitable<std::vector<root>> context::roots(mcp::key key) {
    return ask_one(list_roots(std::move(key)));
}

MCP_DECL void context::require(const client_capabilities& needed) const {
    const client_capabilities missing = capabilities().missing(needed);
    if (missing.empty())
        return;
    jsonrpc::error refusal = missing_client_capability(missing, revision());
    if (is_legacy(revision()))
        refusal.code = jsonrpc::errc::invalid_request; // this era has no error code for it
    throw protocol_error(std::move(refusal));
}

MCP_DECL std::vector<std::string> context::name(std::vector<input_request>& requests) {
    std::vector<std::string> paths;
    for (input_request& each : requests) {
        if (each.key.empty())
            each.key =
                each.method.substr(0, each.method.find('/')) + '-' + std::to_string(++questions_);
        paths.push_back("inputResponses." + each.key);
    }
    return paths;
}

MCP_DECL asio::awaitable<std::vector<json>> context::put(std::vector<input_request> requests) {
    std::vector<json> answers;
#ifndef MCP_NO_LEGACY
    if (request_.session) {
        std::exception_ptr failure;
        if (deadline_)
            deadline_->pause(detail::call_deadline::clock::now());
        try {
            for (const input_request& each : requests)
                answers.push_back(co_await request_.session->ask(
                    each, *request_.sink, environment_.options.client_answer_timeout));
        } catch (...) {
            failure = std::current_exception();
        }
        if (deadline_)
            deadline_->resume(detail::call_deadline::clock::now());
        if (failure)
            std::rethrow_exception(failure);
        co_return answers;
    }
#endif
    std::vector<input_request> missing;
    for (const input_request& each : requests) {
        if (const json* known = round_->answer(each.key))
            answers.push_back(*known);
        else
            missing.push_back(each);
    }
    if (!missing.empty())
        co_await round_->wait_for(std::move(missing));
    co_return answers;
}

MCP_DECL void context::refuse(const decode_error& error) {
    throw protocol_error(invalid_params("params." + error.what()));
}

MCP_DECL const json* context::remembered(std::string_view key) const {
    return round_ ? round_->remembered(key) : nullptr;
}

MCP_DECL void context::remember(const std::string& key, std::string_view text) {
    if (!round_)
        return;
    auto kept = parse_json(text, own_json_limits);
    if (!kept)
        throw std::length_error("once(\"" + key +
                                "\"): the value cannot be kept: " + kept.error().what());
    round_->remember(key, std::move(*kept));
}

MCP_DECL void context::refuse_state() {
    throw protocol_error(
        invalid_params("params.requestState is not from this version of the server"));
}

} // namespace mcp
