// SPDX-License-Identifier: MIT
#pragma once

// The questions of a context, which are templates.

#include <mcp/server/context.hpp>

#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

template <class Question>
asio::awaitable<typename Question::answer_type> context::ask_one(Question question) {
    require(question.needs());
    std::vector<input_request> requests;
    requests.push_back(question.request(revision()));
    const std::vector<std::string> paths = name(requests);
    const std::vector<json> answers = co_await put(std::move(requests));
    auto read = question.read(answers.front(), paths.front());
    if (!read)
        refuse(read.error());
    co_return std::move(*read);
}

template <class... Questions>
asio::awaitable<std::tuple<typename Questions::answer_type...>>
context::ask(Questions... questions) {
    (require(questions.needs()), ...);
    std::vector<input_request> requests;
    (requests.push_back(questions.request(revision())), ...);
    const std::vector<std::string> paths = name(requests);
    const std::vector<json> answers = co_await put(std::move(requests));
    std::size_t at = 0;
    const auto read = [&](const auto& question) {
        const std::size_t i = at++;
        auto answer = question.read(answers[i], paths[i]);
        if (!answer)
            refuse(answer.error());
        return std::move(*answer);
    };
    co_return std::tuple<typename Questions::answer_type...>{read(questions)...};
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push // g++ warns of the frame when F is of a type that is local to a file
#pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif
template <class F>
asio::awaitable<detail::invoke_awaited_t<F&>> context::once(std::string key, F f) {
    using value_type = detail::invoke_awaited_t<F&>;
    if (const json* known = remembered(key)) {
        if constexpr (std::is_void_v<value_type>) {
            co_return;
        } else {
            value_type value{};
            if (decode_into(value, *known, "once." + key))
                refuse_state();
            co_return value;
        }
    }
    if constexpr (std::is_void_v<value_type>) {
        co_await detail::invoke(f);
        remember(key, "null");
    } else {
        auto value = co_await detail::invoke(f);
        if (round_)
            remember(key, encode(value));
        co_return value;
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace mcp
