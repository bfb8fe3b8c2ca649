// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace mcp::reflect {

/// The result and parameter types of a function as declared, with references and const.
template <class Result, class... Parameters>
struct function_signature {
    using result_type = Result;
    using parameters = std::tuple<Parameters...>;

    static constexpr std::size_t arity = sizeof...(Parameters);
};

namespace detail {

/// Has no members for a type that is not a function, or whose parameters depend on the call
/// (generic lambda, overloaded operator()).
template <class F>
struct signature {};

template <class R, class... P>
struct signature<R(P...)> : function_signature<R, P...> {};

template <class R, class... P>
struct signature<R(P...) noexcept> : function_signature<R, P...> {};

template <class F>
struct signature<F*> : signature<F> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...)> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...)&> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const&> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) & noexcept> : function_signature<R, P...> {};

template <class C, class R, class... P>
struct signature<R (C::*)(P...) const & noexcept> : function_signature<R, P...> {};

template <class F>
    requires requires { &F::operator(); }
struct signature<F> : signature<decltype(&F::operator())> {};

} // namespace detail

/// The signature of a function, function pointer, pointer to member function (without the object),
/// lambda or other class with one `operator()`. It has `result_type`, `parameters` (a tuple) and
/// `arity`.
template <class F>
using signature_of = detail::signature<std::remove_cvref_t<F>>;

/// True if the signature of `F` can be read; false for generic lambdas and overloaded `operator()`.
template <class F>
concept has_signature = requires { typename signature_of<F>::result_type; };

} // namespace mcp::reflect
