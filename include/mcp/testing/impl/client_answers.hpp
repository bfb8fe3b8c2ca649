// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/writer.hpp>
#include <mcp/protocol/capabilities.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/sampling.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp::testing::detail {

/// Answers an elicitation: returns the result of a client as JSON text.
using elicit_answer = std::function<std::string(const elicitation_params&)>;
using sample_answer = std::function<sampling_result(const sampling_request&)>;

/// Returns the capabilities of a client that can do everything.
client_capabilities every_capability();

/// Throws `client_failure`: `text` is not what the client expects of a method.
[[noreturn]] void misfit(std::string_view method, std::string_view name, const std::string& why,
                         const std::string& text);

/// Returns the text of all messages, with line breaks between them.
std::string text_of(const prompt_result& prompt);

template <class T>
inline constexpr bool is_elicit_result = false;
template <class T>
inline constexpr bool is_elicit_result<elicit_result<T>> = true;

/// Writes the result of a client that gives `value`.
template <class T>
std::string elicit_result_text(const T& value, const elicitation_params& asked) {
    std::string out;
    json_writer w(out);
    if constexpr (std::same_as<T, elicit_action>) {
        write_elicit_result(w, value);
    } else if constexpr (is_elicit_result<T>) {
        write_elicit_result(w, value.action(),
                            value && asked.form ? encode(*value) : std::string());
    } else {
        static_assert(!std::is_convertible_v<const T&, std::string_view>,
                      "mcp: an answer to an elicitation is a struct with the members of the form, "
                      "an mcp::json_object, an mcp::elicit_action, or a function");
        write_elicit_result(w, elicit_action::accept, asked.form ? encode(value) : std::string());
    }
    return out;
}

template <class Answer>
elicit_answer elicit_answer_of(Answer answer) {
    return [answer = std::move(answer)](const elicitation_params& asked) mutable {
        if constexpr (std::is_invocable_v<Answer&, const elicitation_params&>)
            return elicit_result_text(answer(asked), asked);
        else if constexpr (std::is_invocable_v<Answer&, const std::string&>)
            return elicit_result_text(answer(asked.form ? asked.form->message : asked.url->message),
                                      asked);
        else if constexpr (std::is_invocable_v<Answer&>)
            return elicit_result_text(answer(), asked);
        else
            return elicit_result_text(answer, asked);
    };
}

/// Returns the message of a model that says `words`.
sampling_result said(std::string words);
inline sampling_result said(sampling_result result) {
    return result;
}

template <class Answer>
sample_answer sample_answer_of(Answer answer) {
    return [answer = std::move(answer)](const sampling_request& asked) mutable {
        if constexpr (std::is_invocable_v<Answer&, const sampling_request&>)
            return said(answer(asked));
        else if constexpr (std::is_invocable_v<Answer&>)
            return said(answer());
        else
            return said(answer);
    };
}

} // namespace mcp::testing::detail
