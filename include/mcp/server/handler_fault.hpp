// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/json/form_fault.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/signature.hpp>
#include <mcp/server/handler.hpp>

#include <asio/awaitable.hpp>

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>

// Finds the first fault of a handler when it is registered, so that the compiler's output shows the
// line of the registration. The faults of types are in <mcp/json/form_fault.hpp>.

namespace mcp::detail {

/// True if the first argument of a registration may be its description.
template <class... Given>
inline constexpr bool begins_with_text = false;

template <class First, class... Rest>
inline constexpr bool begins_with_text<First, Rest...> = std::is_convertible_v<First, std::string>;

template <class... Given>
struct no_description {
    static_assert(never<Given...>, "mcp: the description comes first, such as "
                                   "server.tool<add, \"a\", \"b\">(\"Add two numbers\")");
};

template <class Function>
struct member_function {
    static_assert(
        never<Function>,
        "mcp: a member function has no object here; name it in the template arguments and pass its "
        "object, as in server.tool<&notebook::write, \"note\">(\"Write a note\", notes)");
};

template <class Function>
struct unreadable_parameters {
    static_assert(never<Function>,
                  "mcp: the parameters of the handler cannot be read; it must be a function, or an "
                  "object whose operator() is neither a template nor overloaded");
};

template <class Function>
struct mutable_handler {
    static_assert(never<Function>,
                  "mcp: several event loops call a handler at once, so its operator() is const; "
                  "remove mutable, and keep what changes in a std::atomic or behind a mutex, in a "
                  "captured std::shared_ptr");
};

template <class Result>
struct blocking_awaitable {
    static_assert(never<Result>,
                  "mcp: mcp::blocking is for plain functions; a handler that returns "
                  "asio::awaitable is awaited as it is");
};

template <class Result>
struct foreign_awaitable {
    static_assert(
        never<Result>,
        "mcp: a handler returns its value, or asio::awaitable of it; wrap a function that "
        "waits for a std::future or the like in mcp::blocking and return the value");
};

template <class Result>
struct awaitable_with_executor {
    static_assert(never<Result>, "mcp: a handler returns asio::awaitable<T>, without an executor");
};

template <class Parameter>
struct unused_default {
    static_assert(
        never<Parameter>,
        "mcp: the default argument of a parameter that takes all arguments has no effect; "
        "give the members of the struct default member initialisers");
};

template <class Parameter>
struct context_by_value {
    static_assert(never<Parameter>, "mcp: take the context by reference, as mcp::context&");
};

template <class Parameter>
struct arg_without_type {
    static_assert(never<Parameter>,
                  "mcp: mcp::arg takes a type after the name, such as mcp::arg<\"a\", int>");
};

template <class Parameter>
struct mutable_reference {
    static_assert(never<Parameter>, "mcp: take parameters by value or by const reference");
};

template <class Parameter>
struct reference_in_coroutine {
    static_assert(never<Parameter>,
                  "mcp: a handler that is awaited takes mcp::arg and std::string_view by value");
};

template <class... Parameters>
struct unnamed_parameters {
    static_assert(never<Parameters...>,
                  "mcp: the parameters of the handler have no names; write tool<f, \"a\", \"b\">, "
                  "or take one struct, or parameters of type mcp::arg<\"name\", T>");
};

template <class... Parameters>
struct wrong_number_of_names {
    static_assert(
        never<Parameters...>,
        "mcp: give exactly one name for each parameter of the handler, except mcp::context&");
};

/// The parameters that are arguments, as declared.
template <class... Declared>
struct parameter_list {};

template <class Parameter>
inline constexpr bool takes_context =
    std::is_same_v<std::remove_cvref_t<std::remove_pointer_t<Parameter>>, context>;

template <class Parameter>
inline constexpr bool is_mutable_reference =
    std::is_lvalue_reference_v<Parameter> && !std::is_const_v<std::remove_reference_t<Parameter>>;

template <class... Before>
consteval auto without_contexts(parameter_list<Before...>) {
    return parameter_list<Before...>();
}
template <class... Before, class First, class... Rest>
consteval auto without_contexts(parameter_list<Before...>, std::type_identity<First>,
                                Rest... rest) {
    if constexpr (takes_context<First>)
        return without_contexts(parameter_list<Before...>(), rest...);
    else
        return without_contexts(parameter_list<Before..., First>(), rest...);
}

/// The fault of the parameter `Declared`. `Place` is printed for it.
template <class Policy, class Place, class Declared>
consteval auto find_argument_fault() {
    using bare = std::remove_cvref_t<Declared>;
    if constexpr (is_mutable_reference<Declared>)
        return std::type_identity<mutable_reference<Place>>();
    else if constexpr (std::is_same_v<bare, missing_type>)
        return std::type_identity<arg_without_type<Place>>();
    else if constexpr (reflect::is_arg<bare>)
        return find_argument_fault<Policy, Place, typename bare::value_type>();
    else
        return located<Place, typename Policy::template argument_fault<kept_type<bare>>>();
}

template <class Policy, class Declared>
consteval auto find_whole_fault() {
    if constexpr (is_mutable_reference<Declared>)
        return std::type_identity<mutable_reference<Declared>>();
    else
        return std::type_identity<
            typename Policy::template whole_fault<std::remove_cvref_t<Declared>>>();
}

/// Finds the fault of parameters that have names, or are one struct.
template <class Policy, fixed_string... Names, class... Declared>
consteval auto find_arguments_fault(parameter_list<Declared...>) {
    if constexpr (sizeof...(Names) > 0) {
        if constexpr (sizeof...(Names) == sizeof...(Declared))
            return first_fault<typename decltype(find_argument_fault<Policy, arg<Names, Declared>,
                                                                     Declared>())::type...>();
        else
            return std::type_identity<typename Policy::template wrong_names<Declared...>>();
    } else if constexpr ((reflect::is_arg<std::remove_cvref_t<Declared>> && ...)) {
        return first_fault<
            typename decltype(find_argument_fault<Policy, Declared, Declared>())::type...>();
    } else if constexpr ((is_only_declared<std::remove_cvref_t<Declared>> || ...)) {
        return first_fault<
            typename decltype(find_declared_fault<std::remove_cvref_t<Declared>>())::type...>();
    } else if constexpr (sizeof...(Declared) == 1 &&
                         (is_whole_input<std::remove_cvref_t<Declared>> && ...)) {
        return find_whole_fault<Policy, Declared...>();
    } else {
        return std::type_identity<unnamed_parameters<Declared...>>();
    }
}

template <class Policy, bool IsBlocking, class Returned>
consteval auto find_result_fault() {
    using result = std::remove_cvref_t<awaited_t<Returned>>;
    if constexpr (IsBlocking && is_awaitable_v<Returned>)
        return std::type_identity<blocking_awaitable<Returned>>();
    else if constexpr (is_awaitable_v<Returned> &&
                       !std::is_same_v<Returned, asio::awaitable<awaited_t<Returned>>>)
        return std::type_identity<awaitable_with_executor<Returned>>();
    else if constexpr (foreign_promise<result>)
        return std::type_identity<foreign_awaitable<result>>();
    else
        return std::type_identity<typename Policy::template result_fault<result>>();
}

template <class... Parameters>
consteval auto find_context_fault(std::type_identity<std::tuple<Parameters...>>) {
    return first_fault<
        std::conditional_t<takes_context<Parameters> && !std::is_same_v<Parameters, context&>,
                           context_by_value<Parameters>, no_fault>...>();
}

/// Whether a handler gets a temporary for this parameter, and refers to it.
template <class Parameter>
inline constexpr bool refers_to_temporary =
    std::is_reference_v<Parameter> &&
    (reflect::is_arg<std::remove_cvref_t<Parameter>> ||
     !std::same_as<kept_type<std::remove_cvref_t<Parameter>>, std::remove_cvref_t<Parameter>>);

template <bool IsAwaitable, class... Parameters>
consteval auto find_temporary_fault(std::type_identity<std::tuple<Parameters...>>) {
    return first_fault<std::conditional_t<IsAwaitable && refers_to_temporary<Parameters> &&
                                              !is_mutable_reference<Parameters>,
                                          reference_in_coroutine<Parameters>, no_fault>...>();
}

/// Finds the default argument of a parameter that takes all arguments at once.
template <class F, class Parameters, class... Declared>
consteval auto find_default_fault(parameter_list<Declared...>) {
    if constexpr (sizeof...(Declared) != 1 ||
                  (is_only_declared<std::remove_cvref_t<Declared>> || ...))
        return std::type_identity<no_fault>();
    else if constexpr ((is_whole_input<std::remove_cvref_t<Declared>> && ...))
        return first_fault<
            std::conditional_t<needed_parameters<F, Parameters>() != std::tuple_size_v<Parameters>,
                               unused_default<Declared>, no_fault>...>();
    else
        return std::type_identity<no_fault>();
}

template <class... Parameters>
consteval auto arguments_of(std::type_identity<std::tuple<Parameters...>>) {
    return without_contexts(parameter_list<>(), std::type_identity<Parameters>()...);
}

/// False for a mutable lambda.
template <class F, class... Parameters>
consteval bool is_const_callable(std::type_identity<std::tuple<Parameters...>>) {
    return std::is_invocable_v<const F&, Parameters...>;
}

template <class Policy, class F, fixed_string... Names>
consteval auto find_handler_fault() {
    using function = typename unblocked<F>::type;
    if constexpr (std::is_member_pointer_v<function>) {
        return std::type_identity<member_function<function>>();
    } else if constexpr (!reflect::has_signature<function>) {
        return std::type_identity<unreadable_parameters<function>>();
    } else {
        using signature = reflect::signature_of<function>;
        constexpr std::type_identity<typename signature::parameters> parameters;
        return first_fault<
            typename decltype(find_context_fault(parameters))::type,
            typename decltype(find_temporary_fault<is_awaitable_v<typename signature::result_type>>(
                parameters))::type,
            typename decltype(Policy::template find_parameters_fault<Names...>(
                arguments_of(parameters)))::type,
            typename decltype(find_default_fault<function, typename signature::parameters>(
                arguments_of(parameters)))::type,
            typename decltype(find_result_fault<Policy, is_blocking_v<F>,
                                                typename signature::result_type>())::type,
            std::conditional_t<is_const_callable<function>(parameters), no_fault,
                               mutable_handler<function>>>();
    }
}

/// The first fault of a handler of type `F`, or `no_fault`. `Policy` knows the kind of the entry:
/// `find_parameters_fault<Names…>(parameter_list)` and `result_fault<Result>`.
template <class Policy, class F, fixed_string... Names>
using handler_fault = typename decltype(find_handler_fault<Policy, F, Names...>())::type;

} // namespace mcp::detail
