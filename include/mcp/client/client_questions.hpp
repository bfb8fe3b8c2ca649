// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/async/offload.hpp>
#include <mcp/async/pending.hpp>
#include <mcp/config.hpp>
#include <mcp/json/encode.hpp>
#include <mcp/json/value.hpp>
#include <mcp/protocol/elicitation.hpp>
#include <mcp/protocol/roots.hpp>
#include <mcp/protocol/sampling.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

/// A server asks the user for input: a form [MCP 2026-07-28 client/elicitation].
struct elicit_request {
    std::string message; ///< what to show to the user
    json schema;         ///< the JSON Schema of the form, a flat object
};

/// The answer of a client to an `elicit_request`.
///
///     client.on_elicit([](const mcp::elicit_request& asked) -> mcp::elicit_answer {
///         if (asked.message.empty())
///             return mcp::elicit_action::decline;
///         return mcp::json_object{{"day", "Monday"}};
///     });
class elicit_answer {
public:
    elicit_answer(elicit_action action = elicit_action::cancel) : action_(action) {}

    /// Accepts with the values of the form: a struct with its members, a map, or a `json_object`.
    /// The client adds the defaults of the form for what is missing.
    template <class Values>
        requires(!std::same_as<std::remove_cvref_t<Values>, elicit_answer> &&
                 !std::same_as<std::remove_cvref_t<Values>, elicit_action>)
    elicit_answer(const Values& values) : action_(elicit_action::accept)
                                        , values_(encode(values)) {}

    elicit_action action() const noexcept { return action_; }

    /// Returns the values as JSON text; empty if there are none.
    const std::string& values() const noexcept { return values_; }

private:
    elicit_action action_;
    std::string values_;
};

/// What a sampling handler can do beside plain messages; see `client::on_sample`.
struct sampling_support {
    bool tools = false;   ///< takes `sampling_request::tools`, and may answer with `tool_use`
    bool context = false; ///< takes `sampling_request::include_context`
};

namespace detail {

/// Answers the questions of one kind.
template <class Answer, class Question>
using question_handler =
    std::function<asio::awaitable<Answer>(std::shared_ptr<const Question> asked)>;

/// Returns the message of a model that says `words`.
sampling_result said_by_model(std::string words);

/// Returns what a handler has given as an answer.
template <class Answer, class Given>
Answer as_answer(Given&& given) {
    if constexpr (std::same_as<Answer, sampling_result> &&
                  std::is_convertible_v<Given&&, std::string>)
        return said_by_model(std::forward<Given>(given));
    else
        return Answer(std::forward<Given>(given));
}

template <class Question, class F>
decltype(auto) call_with(F& f, const Question& asked) {
    if constexpr (std::is_invocable_v<F&, const Question&>)
        return f(asked);
    else
        return f();
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns about the frame if the type F is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
/// Calls a handler of the user: ordinary, awaitable, or on the pool if it blocks.
template <class Answer, class Question, class F>
asio::awaitable<Answer> ask_handler(std::shared_ptr<F> f, pool_source pool,
                                    std::shared_ptr<const Question> asked) {
    using raw = decltype(call_with<Question>(*f, *asked));
    if constexpr (is_awaitable_v<raw>) {
        auto later = call_with<Question>(*f, *asked);
        auto given = co_await std::move(later);
        co_return as_answer<Answer>(std::move(given));
    } else if constexpr (is_blocking_v<F>) {
        auto run = [f, asked] { return call_with<Question>(*f, *asked); };
        auto later = offload(pool(), std::move(run));
        auto given = co_await std::move(later);
        co_return as_answer<Answer>(std::move(given));
    } else {
        co_return as_answer<Answer>(call_with<Question>(*f, *asked));
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

template <class Answer, class Question, class F>
question_handler<Answer, Question> question_handler_of(F f, pool_source pool) {
    auto held = std::make_shared<F>(std::move(f));
    return [held, pool = std::move(pool)](std::shared_ptr<const Question> asked) {
        return ask_handler<Answer, Question>(held, pool, std::move(asked));
    };
}

template <class F, class Question>
concept answers_question = std::invocable<F&, const Question&> || std::invocable<F&>;

/// The handlers of a client. A capability is declared by there being a handler.
struct client_questions {
    question_handler<elicit_answer, elicit_request> elicit;
    question_handler<elicit_action, url_elicitation> elicit_url;
    question_handler<sampling_result, sampling_request> sample;
    question_handler<std::vector<root>, nothing> roots;
    sampling_support sampling;
};

} // namespace detail
} // namespace mcp

#ifdef MCP_BODIES
#include <mcp/client/impl/client_questions.ipp>
#endif
