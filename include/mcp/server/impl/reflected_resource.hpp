// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/annotations.hpp>
#include <mcp/server/impl/reflected.hpp>
#include <mcp/server/registration_options.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

// Functions as resources by reflection.

#ifdef __cpp_impl_reflection
// clang-format off
namespace mcp::detail {

/// Returns the annotations that are options of a resource.
[[nodiscard]] consteval std::vector<std::meta::info> resource_options(std::meta::info function) {
    std::vector<std::meta::info> found;
    constexpr std::meta::info no_option[] = {^^uri, ^^execution};
    for (const std::meta::info each : reflect::detail::attributes_among(function))
        if (!std::ranges::contains(no_option, remove_const(type_of(each))))
            found.push_back(each);
    return found;
}

/// Returns the functions of a namespace or class that have a `uri`, in order of declaration.
[[nodiscard]] consteval std::vector<std::meta::info> functions_with_uri(std::meta::info scope) {
    std::vector<std::meta::info> found;
    for (const std::meta::info each : members_of(scope, std::meta::access_context::unchecked()))
        if (std::meta::is_function(each) && has_uri(each))
            found.push_back(each);
    return found;
}

template <std::meta::info Scope>
inline constexpr auto functions_with_uri_of = std::define_static_array(functions_with_uri(Scope));

/// Returns the text of an annotation `uri` as a template argument.
template <std::meta::info Function>
[[nodiscard]] consteval auto read_uri() {
    constexpr std::string_view text =
        extract<uri>(constant_of(reflect::detail::find_annotation(Function, ^^uri))).text;
    fixed_string<text.size()> copy;
    std::ranges::copy(text, copy.text);
    return copy;
}

/// Returns whether the parameters have the names of the variables of a URI template, in order.
template <fixed_string Uri>
[[nodiscard]] consteval bool names_variables(std::meta::info function) {
    std::size_t at = 0;
    for (const std::meta::info each : arguments_of(function))
        if (at == uri_template_variable_count(Uri.view()) || !has_identifier(each) ||
            identifier_of(each) != uri_template_variable(Uri.view(), at++))
            return false;
    return at == uri_template_variable_count(Uri.view());
}

/// What a function without a fault that reads a resource says.
template <std::meta::info Function>
struct reflected_resource : reflected<Function> {
    static constexpr auto location = read_uri<Function>();
    static constexpr auto options = std::define_static_array(resource_options(Function));

    template <std::size_t At>
    static constexpr auto option() {
        return extract<reflect::detail::annotation_type<options[At]>>(constant_of(options[At]));
    }
};

} // namespace mcp::detail
// clang-format on
#endif
