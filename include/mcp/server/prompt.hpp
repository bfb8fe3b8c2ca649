// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/server/expected.hpp>
#include <mcp/server/failure.hpp>
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

/// `known` are the names of all arguments.
[[noreturn]] void refuse_missing_argument(const prompt_params& params, std::string_view name,
                                          std::span<const std::string_view> known);
[[noreturn]] void refuse_argument(std::string_view name, std::string_view expected);

/// Throws if there are other arguments than the known ones, and the server refuses them.
void check_arguments(const context& ctx, const prompt_params& params,
                     std::span<const std::string_view> known);

void write_prompt(const prompt_entry& which, result_writer& out, prompt_result result);

/// Reads one argument of a prompt. Clients send text, whatever type the handler takes.
template <class T>
void read_prompt_value(T& into, std::string_view name, const std::string& text) {
    if constexpr (is_optional<T>) {
        read_prompt_value(into.emplace(), name, text);
    } else {
        auto value = from_text<T>(text);
        if (!value)
            refuse_argument(name, text_kind<T>());
        into = std::move(*value);
    }
}

template <class Arg, class Described>
void read_text_argument(typename Arg::value_type& into, const Described& described,
                        const prompt_params& params, std::span<const std::string_view> known) {
    const std::string* text = params.find(Arg::name);
    if (text) {
        read_prompt_value(into, Arg::name, *text);
        const std::string wanted = unmet_text(into, described.attributes);
        if (!wanted.empty())
            refuse_argument(Arg::name, wanted);
    } else if (!reflect::may_be_left_out<Arg, Described>) {
        refuse_missing_argument(params, Arg::name, known);
    }
}

/// Returns what `prompts/list` says of an argument.
template <class Described>
prompt_argument describe_prompt_argument(std::string_view name, bool required,
                                         const Described& described) {
    prompt_argument made(std::string(name), std::string(described.description), required);
    reflect::for_each_of(described.attributes, [&](const auto& attribute) {
        if constexpr (std::is_same_v<decltype(attribute), const mcp::title&>)
            made.title = attribute.text;
    });
    return made;
}

template <class Input>
struct prompt_input;

/// Describes the arguments that a prompt's handler takes, and reads them from a request.
template <class... Args>
struct prompt_input<arguments<Args...>> {
    template <class... Described>
    static std::vector<prompt_argument>
    describe(const reflect::parameter_descriptions<Described...>& described) {
        return std::apply(
            [](const auto&... each) {
                return std::vector<prompt_argument>{describe_prompt_argument(
                    Args::name, !reflect::may_be_left_out<Args, Described>, each)...};
            },
            described.list);
    }

    template <class... Described>
    static void read(const context& ctx, arguments<Args...>& into,
                     const reflect::parameter_descriptions<Described...>& described) {
        static constexpr std::array<std::string_view, sizeof...(Args)> names{Args::name...};
        const prompt_params params = read_prompt(ctx);
        reflect::apply_defaults(into, described);
        [&]<std::size_t... Is>(std::index_sequence<Is...>) {
            (read_text_argument<Args>(std::get<Is>(into.values), std::get<Is>(described.list),
                                      params, names),
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

template <class R>
consteval auto find_prompt_result_fault() {
    if constexpr (expected_like<R>)
        return first_fault<typename decltype(find_prompt_result_fault<delivered_t<R>>())::type,
                           typename decltype(find_error_fault<error_type<R>>())::type>();
    else
        return std::type_identity<std::conditional_t<std::is_convertible_v<R, prompt_result> ||
                                                         std::is_convertible_v<R, content>,
                                                     no_fault, prompt_result_type<R>>>();
}

struct prompt_policy {
    using definition_type = prompt_definition;

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
    using result_fault = typename decltype(find_prompt_result_fault<R>())::type;

    template <class Input, class Described>
    static bool input(const prompt_entry&, context& ctx, result_writer&, Input& into,
                      const Described& described) {
        prompt_input<Input>::read(ctx, into, descriptions_of<Input>(described));
        return true;
    }

    [[noreturn]] static void refuse_gap(result_writer&, std::string_view name) {
        refuse_argument(name, "a value, because a later argument has one");
    }

    template <class Value>
    static void output(const prompt_entry& which, context& ctx, result_writer& out,
                       const Value& value) {
        if constexpr (expected_like<Value>) {
            if (!value.has_value())
                throw_returned(value.error());
            output(which, ctx, out, *value);
        } else if constexpr (std::is_convertible_v<const Value&, prompt_result>)
            write_prompt(which, out, value);
        else
            write_prompt(which, out, prompt_result(user_message(value)));
    }

    static void failed(const prompt_entry& which, context& ctx, result_writer&,
                       const std::exception_ptr& failure) {
        rethrow_failure(ctx, "prompt " + which.definition().name, failure);
    }
};

/// A prompt made of a callable.
template <class F, class Params, fixed_string... Names>
class bound_prompt final
    : public bound_operation<prompt_entry, prompt_policy, F, Params, Names...> {
    using base = bound_operation<prompt_entry, prompt_policy, F, Params, Names...>;

public:
    bound_prompt(prompt_definition definition, F f, const Params& params)
        : base(std::move(f), params, with_arguments(std::move(definition), params)) {}

private:
    static prompt_definition with_arguments(prompt_definition definition, const Params& params) {
        using input = typename base::input_type;
        auto arguments =
            prompt_input<input>::describe(descriptions_of<input>(describe_input<input>(params)));
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
