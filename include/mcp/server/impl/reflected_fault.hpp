// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/form_fault.hpp>
#include <mcp/server/bound_method.hpp>
#include <mcp/server/handler_fault.hpp>
#include <mcp/server/impl/reflected.hpp>
#include <mcp/server/impl/reflected_resource.hpp>
#include <mcp/server/prompt.hpp>
#include <mcp/server/resource.hpp>
#include <mcp/server/tool.hpp>

#include <type_traits>
#include <utility>

// Finds the first fault of a function that is registered by reflection, see
// <mcp/json/form_fault.hpp>.

#ifdef __cpp_impl_reflection
// clang-format off
namespace mcp::detail {

template <std::meta::info>
struct reflection;

template <class Function>
struct no_function {
    static_assert(never<Function>, "mcp: this reflection is not that of a function; write ^^f");
};

template <class Function>
struct unnamed_parameter {
    static_assert(never<Function>, "mcp: a parameter of this function has no name, or not the same "
                                   "in all declarations; give it one");
};

template <class Function>
struct default_of_prompt {
    static_assert(never<Function>,
                  "mcp: an argument of a prompt that may be absent is a std::optional");
};

template <class Function>
struct resource_without_uri {
    static_assert(never<Function>, "mcp: annotate this function with the URI of its resource: "
                                   "[[=mcp::uri(\"notes://{id}\")]]");
};

template <class Function>
struct names_of_variables {
    static_assert(never<Function>, "mcp: the parameters of this function must have the names of "
                                   "the variables of its URI template, in the same order");
};

/// The object among the arguments of a registration, which comes first.
template <std::meta::info Function, class... Arguments>
struct object_argument {
    using type = no_object;
};
template <std::meta::info Function, class First, class... Rest>
    requires reflects_method<Function>
struct object_argument<Function, First, Rest...> {
    using type = First;
};

/// The fault of what a function declares, whatever it is registered as.
template <std::meta::info Function>
consteval auto find_declared_fault() {
    if constexpr (!std::meta::is_function(Function))
        return std::type_identity<no_function<reflection<Function>>>();
    else if constexpr (!all_named(Function))
        return std::type_identity<unnamed_parameter<reflection<Function>>>();
    else if constexpr (!all_readable(Function))
        return std::type_identity<mutable_reference<reflection<Function>>>();
    else
        return std::type_identity<no_fault>();
}

template <std::meta::info Function, class Object, class Policy, class Handler, fixed_string... Names>
consteval auto find_bound_fault() {
    using handler = std::type_identity<handler_fault<Policy, Handler, Names...>>;
    if constexpr (reflects_method<Function>) {
        using object = object_fault<&[:Function:], Object>;
        return std::conditional_t<is_fault<object>, std::type_identity<object>, handler>();
    } else {
        return handler();
    }
}

template <std::meta::info Function, class Object>
consteval auto find_tool_fault() {
    using declared = decltype(find_declared_fault<Function>());
    if constexpr (is_fault<typename declared::type>)
        return declared();
    else if constexpr (reflected<Function>::is_whole && has_default_arguments(Function))
        return std::type_identity<unused_default<reflection<Function>>>();
    else
        return find_bound_fault<Function, Object, tool_policy,
                                decltype(reflected<Function>::handler(std::declval<Object&>()))>();
}

template <std::meta::info Function, class Object>
consteval auto find_prompt_fault() {
    using declared = decltype(find_declared_fault<Function>());
    if constexpr (is_fault<typename declared::type>)
        return declared();
    else if constexpr (has_default_arguments(Function))
        return std::type_identity<default_of_prompt<reflection<Function>>>();
    else
        return []<std::size_t... At>(std::index_sequence<At...>) {
            return find_bound_fault<
                Function, Object, prompt_policy,
                decltype(reflected<Function>::plain_handler(std::declval<Object&>())),
                reflect::detail::name_of<reflected<Function>::arguments[At]>()...>();
        }(std::make_index_sequence<reflected<Function>::arguments.size()>{});
}

template <std::meta::info Function, class Object>
consteval auto find_resource_fault() {
    using declared = decltype(find_declared_fault<Function>());
    if constexpr (is_fault<typename declared::type>) {
        return declared();
    } else if constexpr (!has_uri(Function)) {
        return std::type_identity<resource_without_uri<reflection<Function>>>();
    } else {
        constexpr auto location = read_uri<Function>();
        if constexpr (is_uri_template<location>() && !names_variables<location>(Function))
            return std::type_identity<names_of_variables<reflection<Function>>>();
        else if constexpr (reflects_method<Function>)
            return std::type_identity<
                resource_fault<location, object_fault<&[:Function:], Object>,
                               method_handler<&[:Function:], Object>>>();
        else
            return std::type_identity<resource_fault<
                location, no_fault, decltype(reflected<Function>::plain_handler(std::declval<Object&>()))>>();
    }
}

/// The fault of a function with these arguments as a tool, a prompt, a resource; or `no_fault`.
template <std::meta::info Function, class... Arguments>
using reflected_tool_fault = typename decltype(
    find_tool_fault<Function, typename object_argument<Function, Arguments...>::type>())::type;

template <std::meta::info Function, class... Arguments>
using reflected_prompt_fault = typename decltype(
    find_prompt_fault<Function, typename object_argument<Function, Arguments...>::type>())::type;

template <std::meta::info Function, class... Arguments>
using reflected_resource_fault = typename decltype(
    find_resource_fault<Function, typename object_argument<Function, Arguments...>::type>())::type;

} // namespace mcp::detail
// clang-format on
#endif
