#pragma once

#include <mcp/protocol/cancellation.hpp>
#include <mcp/protocol/logging.hpp>
#include <mcp/server/context.hpp>
#include <mcp/server/text_value.hpp>

#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace mcp {

inline const json_object* context::request_meta() const noexcept {
    const json* meta = params_ ? params_->if_contains("_meta") : nullptr;
    return meta ? meta->if_object() : nullptr;
}

inline trace_context context::trace() const noexcept {
    const trace_context own = read_trace_context(request_meta());
    return own.empty() ? who_.trace : own;
}

inline std::optional<implementation> context::client() const {
    if (who_.session)
        return who_.session->client();
    const json_object* meta = request_meta();
    const json* info = meta ? meta->if_contains(meta_key::client_info) : nullptr;
    auto read =
        info ? read_implementation(*info) : result<implementation, decode_error>(decode_error{});
    return read ? std::optional(std::move(*read)) : std::nullopt;
}

inline client_capabilities context::capabilities() const {
    if (who_.session)
        return who_.session->capabilities();
    const json_object* meta = request_meta();
    const json* given = meta ? meta->if_contains(meta_key::client_capabilities) : nullptr;
    if (!given)
        return {};
    auto read = read_client_capabilities(*given);
    return read ? std::move(*read) : client_capabilities();
}

template <class T>
std::optional<T> context::path_param(std::string_view name) const {
    static_assert(text_value<T>, "mcp: a path parameter is a string, bool, number or enum");
    const auto text = who_.path ? who_.path->find(name) : std::nullopt;
    return text ? from_text<T>(*text) : std::nullopt;
}

inline void context::progress(double value, std::optional<double> total, std::string_view message) {
    if (finished() || !std::isfinite(value) || (progress_ && value <= *progress_))
        return;
    if (total && !std::isfinite(*total))
        total.reset();
    const json_object* meta = request_meta();
    const json* member = meta ? meta->if_contains(meta_key::progress_token) : nullptr;
    const auto token = member ? progress_token::from(*member) : std::nullopt;
    if (!token)
        return;
    progress_ = value;
    std::string text;
    write_progress(text, *token, progress_update(value, total, std::string(message)), revision());
    who_.sink->send(std::move(text));
}

inline std::optional<log_level> context::threshold() const {
    if (who_.session)
        return who_.session->threshold();
    const json_object* meta = request_meta();
    const json* level = meta ? meta->if_contains(meta_key::log_level) : nullptr;
    return level && level->is_string() ? parse_log_level(level->get_string()) : std::nullopt;
}

inline void context::log(log_level level, const json& data, std::string_view logger) {
    const auto wanted = threshold();
    if (finished() || !wanted || level < *wanted)
        return;
    std::string text;
    write_log(text, log_message(level, encode(data), std::string(logger)));
    who_.sink->send(std::move(text));
}

inline asio::awaitable<elicit_result<json_object>>
context::elicit(std::string message, std::string schema, std::string key) {
    open_elicitation what(std::move(key), form_elicitation(std::move(message), std::move(schema)));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<elicit_result<json_object>>
context::elicit_url(std::string message, std::string url, std::string id, std::string key) {
    if (id.empty())
        id = random_token(16); // see `url_elicitation::id`
    open_elicitation what(std::move(key),
                          url_elicitation(std::move(message), std::move(url), std::move(id)));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<sampling_result> context::sample(sampling_request request, std::string key) {
    sampling what(std::move(key), std::move(request));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

inline asio::awaitable<std::vector<root>> context::roots(std::string key) {
    list_roots what(std::move(key));
    auto answers = co_await ask(std::move(what));
    co_return std::move(std::get<0>(answers));
}

template <class... Questions>
asio::awaitable<std::tuple<typename Questions::answer_type...>>
context::ask(Questions... questions) {
    (require(questions.needs()), ...);
    std::vector<input_request> requests;
    (requests.push_back(questions.request(revision())), ...);
    for (input_request& each : requests)
        if (each.key.empty())
            each.key =
                each.method.substr(0, each.method.find('/')) + '-' + std::to_string(++questions_);
    const std::vector<input_request> asked = requests;
    const std::vector<json> answers = co_await put(std::move(requests));
    std::size_t at = 0;
    const auto read = [&](const auto& question) {
        const std::size_t i = at++;
        auto answer = question.read(answers[i], "inputResponses." + asked[i].key);
        if (!answer)
            throw protocol_error(invalid_params("params." + answer.error().what()));
        return std::move(*answer);
    };
    co_return std::tuple<typename Questions::answer_type...>{read(questions)...};
}

inline void context::require(const client_capabilities& needed) const {
    const client_capabilities missing = capabilities().missing(needed);
    if (missing.empty())
        return;
    jsonrpc::error refusal = missing_client_capability(missing, revision());
    if (is_legacy(revision()))
        refusal.code = jsonrpc::errc::invalid_request; // this era has no error code for it
    throw protocol_error(std::move(refusal));
}

inline asio::awaitable<std::vector<json>> context::put(std::vector<input_request> questions) {
    std::vector<json> answers;
    if (who_.session) {
        for (const input_request& each : questions)
            answers.push_back(co_await who_.session->ask(
                each, *who_.sink, environment_.options.client_answer_timeout));
        co_return answers;
    }
    std::vector<input_request> missing;
    for (const input_request& each : questions) {
        if (const json* known = round_->answer(each.key))
            answers.push_back(*known);
        else
            missing.push_back(each);
    }
    if (!missing.empty())
        co_await round_->wait_for(std::move(missing));
    co_return answers;
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F is of a type that is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class F>
asio::awaitable<invoke_awaited_t<F&>> context::once(std::string key, F f) {
    using value_type = invoke_awaited_t<F&>;
    if (round_) {
        if (const json* known = round_->remembered(key)) {
            if constexpr (std::is_void_v<value_type>) {
                co_return;
            } else {
                auto value = decode<value_type>(*known, "once." + key);
                if (!value)
                    throw protocol_error(invalid_params(
                        "params.requestState is not from this version of the server"));
                co_return std::move(*value);
            }
        }
    }
    if constexpr (std::is_void_v<value_type>) {
        co_await mcp::invoke(f);
        if (round_)
            round_->remember(key, json());
    } else {
        auto value = co_await mcp::invoke(f);
        if (round_) {
            auto kept = parse_json(encode(value), own_json_limits);
            if (!kept)
                throw std::length_error("once(\"" + key +
                                        "\"): the value cannot be kept: " + kept.error().what());
            round_->remember(key, std::move(*kept));
        }
        co_return value;
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace mcp
