#pragma once

#include <mcp/protocol/prompts.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/text_value.hpp>

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcp {

/// One prompt of a server. [MCP 2026-07-28 server/prompts]
class prompt_entry : public operation {
public:
    explicit prompt_entry(prompt_definition definition) : definition_(std::move(definition)) {}

    const prompt_definition& definition() const noexcept { return definition_; }
    std::string_view key() const noexcept { return definition_.name; }

    void write_definition(json_writer& w, mcp::revision r) const { write(w, definition_, r); }

private:
    prompt_definition definition_;
};

namespace detail {

/// Reads one argument of a prompt. Clients send text, whatever type the handler takes.
template <class T>
void read_prompt_value(T& into, std::string_view name, const std::string* text) {
    if constexpr (is_optional<T>) {
        if (text)
            read_prompt_value(into.emplace(), name, text);
    } else {
        static_assert(text_value<T>, "mcp: an argument of a prompt is a string, bool, number, "
                                     "enum, or std::optional of one");
        if (!text)
            throw protocol_error(
                invalid_params("params.arguments." + std::string(name) + " is missing"));
        auto value = from_text<T>(*text);
        if (!value)
            throw protocol_error(invalid_params("params.arguments." + std::string(name) +
                                                ": expected " + std::string(text_kind<T>())));
        into = std::move(*value);
    }
}

template <class Input>
struct prompt_input {
    static_assert(reflect::is_arguments<Input>,
                  "mcp: name the arguments of a prompt, as in prompt<f, \"a\", \"b\">");
};

/// Describes the arguments that a prompt's handler takes, and reads them from a request.
template <class... Args>
struct prompt_input<arguments<Args...>> {
    static std::vector<prompt_argument> describe() {
        return {prompt_argument(std::string(Args::name), std::string(Args::description),
                                !is_optional<typename Args::value_type>)...};
    }

    static arguments<Args...> read(const prompt_params& params, bool refuses_unknown) {
        arguments<Args...> input{};
        [&]<std::size_t... Is>(std::index_sequence<Is...>) {
            (read_prompt_value(std::get<Is>(input.values), Args::name, params.find(Args::name)),
             ...);
        }(std::index_sequence_for<Args...>{});
        for (const auto& [name, value] : params.arguments)
            if (refuses_unknown && !((name == Args::name) || ...))
                throw protocol_error(invalid_params("params.arguments." + name +
                                                    " is not an argument of " + params.name));
        return input;
    }
};

struct prompt_policy {
    template <class Input>
    static std::optional<Input> input(const prompt_entry&, context& ctx, result_writer&) {
        const auto params = read_prompt_params(ctx.params());
        if (!params)
            throw protocol_error(invalid_params("params." + params.error().what()));
        const bool refuses =
            ctx.environment().options.unknown_arguments == unknown_arguments::refuse;
        return prompt_input<Input>::read(*params, refuses);
    }

    template <class Value>
    static void output(const prompt_entry& which, context&, result_writer& out,
                       const Value& value) {
        static_assert(std::is_convertible_v<const Value&, prompt_result> ||
                          std::is_convertible_v<const Value&, content>,
                      "mcp: a prompt returns text, mcp::content, mcp::prompt_message, a vector of "
                      "them, or mcp::prompt_result");
        prompt_result result = [&] {
            if constexpr (std::is_convertible_v<const Value&, prompt_result>)
                return prompt_result(value);
            else
                return prompt_result(user_message(value));
        }();
        if (result.description.empty())
            result.description = which.definition().description;
        write(out.whole(), result, out.revision(), out.server_info());
    }

    static void failed(const prompt_entry&, context&, result_writer&,
                       const std::exception_ptr& failure) {
        std::rethrow_exception(failure);
    }
};

} // namespace detail

/// A prompt made of a callable.
template <class F, fixed_string... Names>
class bound_prompt final
    : public bound_operation<prompt_entry, detail::prompt_policy, F, Names...> {
    using base = bound_operation<prompt_entry, detail::prompt_policy, F, Names...>;

public:
    bound_prompt(prompt_definition definition, F f)
        : base(std::move(f), with_arguments(std::move(definition))) {}

private:
    static prompt_definition with_arguments(prompt_definition definition) {
        definition.arguments = detail::prompt_input<typename base::input_type>::describe();
        return definition;
    }
};

} // namespace mcp
