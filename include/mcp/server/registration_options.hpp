// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/value.hpp>
#include <mcp/protocol/content.hpp>
#include <mcp/protocol/prompts.hpp>
#include <mcp/protocol/tools.hpp>
#include <mcp/protocol/uri_template.hpp>
#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/symbol_name.hpp>
#include <mcp/server/around.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/operation.hpp>
#include <mcp/server/permission.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
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

/// Writes one option of an entry into its definition.
template <class Definition, class Option>
void apply_option(Definition& to, const Option& option) {
    if constexpr (std::same_as<Option, named>)
        to.name = option.value;
    else if constexpr (std::same_as<Option, title>)
        to.title = option.text;
    else if constexpr (std::same_as<Option, icon>)
        to.icons.push_back(option);
    else if constexpr (std::same_as<Option, json_object>)
        to.meta = option;
    else if constexpr (std::same_as<Option, tool_hints> && requires { to.hints; })
        to.hints = to.hints | option;
    else if constexpr (std::same_as<Option, mime_type> && requires { to.mime_type; })
        to.mime_type = option.value;
    else if constexpr (std::same_as<Option, annotations> && requires { to.annotations; })
        to.annotations = option;
    else if constexpr (std::same_as<Option, permission>)
        (void)to; // clients do not see it; see `rules_of`
    else if constexpr (is_around<Option>)
        static_assert(takes_calls_of<Option, Definition>,
                      "mcp: this function around calls takes those of another kind of entry; its "
                      "result says which: mcp::tool_result, prompt_result, resource_result, or "
                      "call_result for all");
    else
        static_assert(sizeof(Option) == 0,
                      "mcp: this entry takes no option of that type; see mcp::named, title, "
                      "icon, tool hints such as read_only, mime_type, annotations, scopes, "
                      "allow_if, around, and an object for _meta");
}

template <class Definition, class... Options>
Definition define(Definition definition, const Options&... options) {
    (apply_option(definition, options), ...);
    return definition;
}

/// Returns all permissions among the options, combined, and the functions around calls.
template <class... Options>
call_rules rules_of(const Options&... options) {
    call_rules all;
    [[maybe_unused]] const auto take = [&all]<class Option>(const Option& option) {
        if constexpr (std::same_as<Option, permission>)
            all.permission = std::move(all.permission) & option;
        else if constexpr (is_around<Option>)
            all.around.push_back(option.layer);
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
