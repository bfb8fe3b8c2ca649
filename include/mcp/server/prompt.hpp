// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/text_value.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp::detail {

/// One prompt of a server. [MCP 2026-07-28 server/prompts]
class prompt_entry : public operation {
public:
    /// Throws `std::invalid_argument` if the name is empty or has control characters.
    explicit prompt_entry(prompt_definition definition);

    const prompt_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    void write_definition(json_writer& w, mcp::revision r) const;

private:
    prompt_definition definition_;
};

/// Reads the parameters of a prompts/get. Throws if they are malformed.
prompt_params read_prompt(const context& ctx);

[[noreturn]] void refuse_missing_argument(std::string_view name);
[[noreturn]] void refuse_argument(std::string_view name, std::string_view expected);

/// Throws if there are other arguments than the known ones, and the server refuses them.
void check_arguments(const context& ctx, const prompt_params& params,
                     std::span<const std::string_view> known);

void write_prompt(const prompt_entry& which, result_writer& out, prompt_result result);

/// Reads one argument of a prompt. Clients send text, whatever type the handler takes.
template <class T>
void read_prompt_value(T& into, std::string_view name, const std::string* text) {
    if constexpr (is_optional<T>) {
        if (text)
            read_prompt_value(into.emplace(), name, text);
    } else {
        if (!text)
            refuse_missing_argument(name);
        auto value = from_text<T>(*text);
        if (!value)
            refuse_argument(name, text_kind<T>());
        into = std::move(*value);
    }
}

template <class Input>
struct prompt_input;

/// Describes the arguments that a prompt's handler takes, and reads them from a request.
template <class... Args>
struct prompt_input<arguments<Args...>> {
    static std::vector<prompt_argument> describe() {
        return {prompt_argument(std::string(Args::name), std::string(Args::description),
                                !is_optional<typename Args::value_type>)...};
    }

    static void read(const context& ctx, arguments<Args...>& into) {
        static constexpr std::array<std::string_view, sizeof...(Args)> names{Args::name...};
        const prompt_params params = read_prompt(ctx);
        [&]<std::size_t... Is>(std::index_sequence<Is...>) {
            (read_prompt_value(std::get<Is>(into.values), Args::name, params.find(Args::name)),
             ...);
        }(std::index_sequence_for<Args...>{});
        check_arguments(ctx, params, names);
    }
};

template <class T, class Place = unnamed>
struct prompt_argument_type {
    static_assert(never<T>, "mcp: an argument of a prompt is a string, bool, number, enum, or "
                            "std::optional of one");
};

template <class T>
struct unnamed_prompt_arguments {
    static_assert(never<T>, "mcp: name the arguments of a prompt, as in prompt<f, \"a\", \"b\">");
};

template <class Result>
struct prompt_result_type {
    static_assert(never<Result>,
                  "mcp: a prompt returns text, mcp::content, mcp::prompt_message, a vector of "
                  "them, or mcp::prompt_result");
};

struct prompt_policy {
    template <fixed_string... Names, class Parameters>
    static consteval auto find_parameters_fault(Parameters parameters) {
        return find_arguments_fault<prompt_policy, Names...>(parameters);
    }

    template <class... Declared>
    using wrong_names = wrong_number_of_names<Declared...>;

    template <class T>
    using argument_fault = std::conditional_t<text_value<T> || optional_text_value<T>, no_fault,
                                              prompt_argument_type<T>>;

    template <class T>
    using whole_fault = unnamed_prompt_arguments<T>;

    template <class R>
    using result_fault = std::conditional_t<std::is_convertible_v<const R&, prompt_result> ||
                                                std::is_convertible_v<const R&, content>,
                                            no_fault, prompt_result_type<R>>;

    template <class Input>
    static bool input(const prompt_entry&, context& ctx, result_writer&, Input& into) {
        prompt_input<Input>::read(ctx, into);
        return true;
    }

    template <class Value>
    static void output(const prompt_entry& which, context&, result_writer& out,
                       const Value& value) {
        if constexpr (std::is_convertible_v<const Value&, prompt_result>)
            write_prompt(which, out, value);
        else
            write_prompt(which, out, prompt_result(user_message(value)));
    }

    static void failed(const prompt_entry&, context&, result_writer&,
                       const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }
};

/// A prompt made of a callable.
template <class F, fixed_string... Names>
class bound_prompt final : public bound_operation<prompt_entry, prompt_policy, F, Names...> {
    using base = bound_operation<prompt_entry, prompt_policy, F, Names...>;

public:
    bound_prompt(prompt_definition definition, F f)
        : base(std::move(f), with_arguments(std::move(definition))) {}

private:
    static prompt_definition with_arguments(prompt_definition definition) {
        auto arguments = prompt_input<typename base::input_type>::describe();
        // Reflection has given the descriptions.
        for (std::size_t at = 0; at < definition.arguments.size(); ++at)
            arguments.at(at).description = std::move(definition.arguments[at].description);
        definition.arguments = std::move(arguments);
        return definition;
    }
};

} // namespace mcp::detail

#ifdef MCP_BODIES
#include <mcp/server/impl/prompt.ipp>
#endif
