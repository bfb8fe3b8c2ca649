// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/protocol/uri_template.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/call_limits.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/param_fault.hpp>
#include <mcp/server/permission.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

/// Sets the name of an entry, in place of the name that is read from the code.
struct named {
    constexpr explicit named(std::string_view value_) noexcept : value(value_) {}
    reflect::attribute_text value;
};

/// Sets the media type of a resource.
struct mime_type {
    constexpr explicit mime_type(std::string_view value_) noexcept : value(value_) {}
    reflect::attribute_text value;
};

namespace detail {

template <class Option>
inline constexpr bool is_around = false;
template <call_kind Kind>
inline constexpr bool is_around<around_option<Kind>> = true;

/// Whether a function around calls takes those of the entries that have such a definition.
template <class Option, class Definition>
inline constexpr bool takes_calls_of =
    Option::kind == call_kind::any ||
    Option::kind == (std::same_as<Definition, tool_definition>     ? call_kind::tool
                     : std::same_as<Definition, prompt_definition> ? call_kind::prompt
                                                                   : call_kind::resource);

/// True for what `mcp::param` makes.
template <class Option>
inline constexpr bool is_param = false;
template <fixed_string Name, class... Attributes>
inline constexpr bool is_param<described_member<Name, Attributes...>> = true;

/// True for the limits of calls.
template <class Option>
inline constexpr bool is_limit =
    std::same_as<Option, timeout> || std::same_as<Option, concurrency> ||
    std::same_as<Option, result_bytes>;

template <class Option, class Definition>
struct foreign_option {
    static_assert(never<Option>,
                  "mcp: this entry takes no option of that type; see mcp::named, title, icon, tool "
                  "hints such as read_only, mime_type, annotations, scopes, allow_if, around, "
                  "timeout, concurrency, result_bytes, "
                  "param<\"…\">(…), and an object for _meta");
};

template <class Option, class Definition>
struct misplaced_around {
    static_assert(never<Option>,
                  "mcp: this function around calls takes those of another kind of entry; its "
                  "result says which: mcp::tool_result, prompt_result, resource_result, or "
                  "call_result for all");
};

/// True if an entry has a place for an option in its definition, or `rules_of` takes it.
template <class Definition, class Option>
inline constexpr bool takes_option =
    std::same_as<Option, named> || std::same_as<Option, title> || std::same_as<Option, icon> ||
    std::same_as<Option, json_object> || std::same_as<Option, permission> || is_param<Option> ||
    is_limit<Option>;
template <class Definition>
    requires requires(Definition to) { to.hints; }
inline constexpr bool takes_option<Definition, tool_hints> = true;
template <class Definition>
    requires requires(Definition to) { to.mime_type; }
inline constexpr bool takes_option<Definition, mime_type> = true;
template <class Definition>
    requires requires(Definition to) { to.annotations; }
inline constexpr bool takes_option<Definition, annotations> = true;

template <class Definition, class Option>
consteval auto find_option_fault() {
    if constexpr (takes_option<Definition, Option>) {
        return std::type_identity<no_fault>();
    } else if constexpr (is_around<Option>) {
        if constexpr (takes_calls_of<Option, Definition>)
            return std::type_identity<no_fault>();
        else
            return std::type_identity<misplaced_around<Option, Definition>>();
    } else {
        return std::type_identity<foreign_option<Option, Definition>>();
    }
}

/// `Fault`, or else the fault of the first option that an entry does not take.
template <class Fault, class Definition, class... Options>
using entry_fault = typename first_fault<
    Fault, typename decltype(find_option_fault<Definition, Options>())::type...>::type;

/// Writes one option of an entry into its definition, unless it is the permission.
template <class Definition, class Option>
void apply_option([[maybe_unused]] Definition& to, [[maybe_unused]] const Option& option) {
    if constexpr (std::same_as<Option, named>)
        to.name = option.value;
    else if constexpr (std::same_as<Option, title>)
        to.title = option.text;
    else if constexpr (std::same_as<Option, icon>)
        to.icons.push_back(option);
    else if constexpr (std::same_as<Option, json_object>)
        to.meta = option;
    else if constexpr (std::same_as<Option, tool_hints>)
        to.hints = to.hints | option;
    else if constexpr (std::same_as<Option, mime_type>)
        to.mime_type = option.value;
    else if constexpr (std::same_as<Option, annotations>)
        to.annotations = option;
}

template <class Definition, class... Options>
Definition define(Definition definition, const Options&... options) {
    using fault = entry_fault<no_fault, Definition, Options...>;
    if constexpr (is_fault<fault>)
        fault();
    (apply_option(definition, options), ...);
    return definition;
}

template <class Option>
constexpr auto param_or_none([[maybe_unused]] const Option& option) {
    if constexpr (is_param<Option>)
        return std::tuple<Option>(option);
    else
        return std::tuple<>();
}

/// Returns what the options say of parameters: `described_members<…>`.
template <class... Options>
constexpr auto params_among(const Options&... options) {
    return []<class... Params>(const std::tuple<Params...>& list) {
        return described_members<Params...>{list};
    }(std::tuple_cat(param_or_none(options)...));
}

template <class... Options>
using params_of = decltype(params_among(std::declval<const Options&>()...));

template <class Policy, class Binding>
struct find_binding_fault;
template <class Policy, class F, fixed_string... Names>
struct find_binding_fault<Policy, binding<F, Names...>> {
    using type = handler_fault<Policy, F, Names...>;
};

template <class Policy, class Known, class Binding, class... Options>
consteval auto find_registration_fault() {
    if constexpr (is_fault<Known>) {
        return std::type_identity<Known>();
    } else {
        using fault = entry_fault<typename find_binding_fault<Policy, Binding>::type,
                                  typename Policy::definition_type, Options...>;
        if constexpr (is_fault<fault>)
            return std::type_identity<fault>();
        else
            return std::type_identity<
                input_fault<typename Binding::input_type, params_of<Options...>>>();
    }
}

/// The fault `Known`, or else the first of a handler, of the options of its registration, and of
/// what they say of its parameters. `Binding` is a `binding`.
template <class Policy, class Known, class Binding, class... Options>
using registration_fault =
    typename decltype(find_registration_fault<Policy, Known, Binding, Options...>())::type;

struct tool_policy;
struct prompt_policy;
struct reflected_entries;
template <class Handler, class>
struct raw_tool_maker;

template <class Binding, class... Options>
using tool_fault = registration_fault<tool_policy, no_fault, Binding, Options...>;
template <class Binding, class... Options>
using prompt_fault = registration_fault<prompt_policy, no_fault, Binding, Options...>;

/// The fault of the handler of a raw tool. A text is none: it belongs to another form of `tool`,
/// which must not use `raw_tool_maker` before its header has been included.
template <class Handler>
struct raw_handler_fault {
    using type = typename raw_tool_maker<Handler, void>::fault;
};
template <class Text>
    requires std::convertible_to<Text, std::string_view>
struct raw_handler_fault<Text> {
    using type = no_fault;
};

template <class Handler, class... Options>
using raw_tool_fault =
    entry_fault<typename raw_handler_fault<Handler>::type, tool_definition, Options...>;

/// Returns the limits among the rules, which it makes if there are none yet.
inline call_limits& limits_of(call_rules& rules) {
    if (!rules.limits)
        rules.limits = std::make_shared<call_limits>();
    return *rules.limits;
}

/// Returns all permissions among the options, combined, the functions around calls, and the limits.
template <class... Options>
call_rules rules_of(const Options&... options) {
    call_rules all;
    [[maybe_unused]] const auto take = [&all]<class Option>(const Option& option) {
        if constexpr (std::same_as<Option, permission>)
            all.permission = std::move(all.permission) & option;
        else if constexpr (is_around<Option>)
            all.around.push_back(option.layer);
        else if constexpr (is_limit<Option>)
            limits_of(all).set(option);
    };
    (take(options), ...);
    return all;
}

template <fixed_string Name>
consteval std::string_view checked_tool_name() {
    static_assert(is_tool_name(Name.view()),
                  "mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -");
    return Name;
}

/// The definition of a tool that has the name of its function.
template <auto Function>
tool_definition tool_named_after(std::string description) {
    constexpr std::string_view name = reflect::symbol_name<function_of<Function>::pointer>;
    static_assert(is_tool_name(name),
                  "mcp: a tool name has 1 to 64 characters: letters, digits and _ . / -");
    return {std::string(name), std::move(description), {}};
}

template <auto Function>
prompt_definition prompt_named_after(std::string description) {
    return {std::string(reflect::symbol_name<function_of<Function>::pointer>),
            std::move(description)};
}

// Reads a copy of the template: to g++ with -fsanitize=undefined, the address of a template
// argument is not a constant.

template <fixed_string Uri>
consteval bool is_uri_template() {
    const auto text = Uri;
    return uri_template_error(text.view()) == nullptr;
}

template <fixed_string Uri>
consteval bool is_uri() {
    const auto text = Uri;
    return text.view().find("://") != std::string_view::npos;
}

template <fixed_string Uri>
consteval std::size_t template_variable_count() {
    const auto text = Uri;
    return uri_template_variable_count(text.view());
}

/// Returns the name of the variable at a position of a URI template, as a template argument.
template <fixed_string Uri, std::size_t Index>
consteval auto template_variable() {
    constexpr std::size_t size = [] {
        const auto text = Uri;
        return uri_template_variable(text.view(), Index).size();
    }();
    const auto text = Uri;
    const std::string_view name = uri_template_variable(text.view(), Index);
    char buffer[size + 1] = {};
    for (std::size_t i = 0; i < size; ++i)
        buffer[i] = name[i];
    return fixed_string<size>(buffer);
}

} // namespace detail

} // namespace mcp
