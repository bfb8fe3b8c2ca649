// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/signature.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

class context;

/// Says how a handler runs. It follows from the handler's type at compile time.
enum class execution {
    immediate, ///< plain function: runs on the event loop, without a suspension
    awaitable, ///< returns `asio::awaitable<T>`: is awaited on the event loop
    blocking   ///< wrapped by `mcp::blocking`: runs on the server's thread pool
};

namespace detail {

template <class F>
struct unblocked {
    using type = F;
    static const F& of(const F& f) noexcept { return f; }
};
template <class F>
struct unblocked<blocking_t<F>> {
    using type = F;
    static const F& of(const blocking_t<F>& f) noexcept { return f.function(); }
};

/// A future or awaitable type that this library cannot await.
template <class R>
concept foreign_promise = !is_awaitable_v<R> && std::is_class_v<R> &&
                          (requires { typename R::promise_type; } ||
                           requires(R& r) { r.await_ready(); } ||
                           requires(R& r) { r.operator co_await(); } ||
                           requires(R& r) { r.get(); r.wait(); r.valid(); });

template <class R>
struct checked {
    static_assert(!foreign_promise<R>,
                  "mcp: a handler returns its value, or asio::awaitable of it; wrap a function "
                  "that waits for a std::future or the like in mcp::blocking and return the value");
    using type = std::conditional_t<foreign_promise<R>, void, R>; // avoids a second error
};
template <class R>
using checked_result = typename checked<R>::type;

template <class F>
struct readable {
    using signature = reflect::function_signature<void>;
    static_assert(reflect::has_signature<F>,
                  "mcp: the parameters of the handler cannot be read; it must be a function, or an "
                  "object whose operator() is neither a template nor overloaded");
};
template <class F>
    requires reflect::has_signature<F>
struct readable<F> {
    using signature = reflect::signature_of<F>;
};

template <class Parameter>
inline constexpr bool is_context = std::is_same_v<std::remove_cvref_t<Parameter>, context>;

template <class Parameter>
using without_context =
    std::conditional_t<is_context<Parameter>, std::tuple<>,
                       std::tuple<std::type_identity<std::remove_cvref_t<Parameter>>>>;

/// Whether a parameter of this type takes all arguments at once.
template <class T>
inline constexpr bool is_whole_input =
    (reflect::aggregate_struct<T> && !has_text_form<T>) || std::is_same_v<T, json>;

template <class Parameters>
struct inputs;
template <class... Ps>
struct inputs<std::tuple<Ps...>> {
    using type = decltype(std::tuple_cat(without_context<Ps>{}...));
};

template <fixed_string... Names, class... Ps>
consteval auto input_type(std::tuple<std::type_identity<Ps>...>) {
    if constexpr (sizeof...(Names) > 0) {
        static_assert(
            sizeof...(Names) == sizeof...(Ps),
            "mcp: give exactly one name for each parameter of the handler, except mcp::context&");
        if constexpr (sizeof...(Names) == sizeof...(Ps))
            return std::type_identity<arguments<arg<Names, Ps>...>>{};
        else // avoids a second error
            return std::type_identity<arguments<arg<"", Ps>...>>{};
    } else if constexpr ((reflect::is_arg<Ps> && ...)) {
        return std::type_identity<arguments<Ps...>>{};
    } else if constexpr (sizeof...(Ps) == 1 && (is_whole_input<Ps> && ...)) {
        return std::get<0>(std::tuple<std::type_identity<Ps>...>{});
    } else {
        static_assert(sizeof...(Ps) == 0,
                      "mcp: the parameters of the handler have no names; write tool<f, \"a\", "
                      "\"b\">, or take one struct, or parameters of type mcp::arg<\"name\", T>");
        return std::type_identity<arguments<arg<"", Ps>...>>{};
    }
}

} // namespace detail

/// Gives the input and the result of a handler of type `F`, and calls it with decoded arguments.
///
/// `Names` are the names of the parameters in order, without `mcp::context&`.
template <class F, fixed_string... Names>
struct binding {
    using callable = typename detail::unblocked<F>::type;
    using signature = typename detail::readable<callable>::signature;
    using parameters = typename signature::parameters;
    /// The type of the handler's input: `mcp::arguments<…>`, the one struct, or `mcp::json`.
    using input_type = typename decltype(detail::input_type<Names...>(
        typename detail::inputs<parameters>::type{}))::type;
    using returned_type = typename signature::result_type;
    /// The type of the handler's result, after awaiting.
    using result_type =
        detail::checked_result<std::remove_cvref_t<detail::awaited_t<returned_type>>>;

    static constexpr bool is_blocking = detail::is_blocking_v<F>;
    static constexpr execution how = is_blocking                             ? execution::blocking
                                     : detail::is_awaitable_v<returned_type> ? execution::awaitable
                                                                             : execution::immediate;
    static_assert(!(is_blocking && detail::is_awaitable_v<returned_type>),
                  "mcp: mcp::blocking is for plain functions; a handler that returns "
                  "asio::awaitable is awaited as it is");

    /// Calls `f` with the members of `input`, which are moved. `input` and `ctx` must outlive the
    /// returned value.
    static returned_type call(const callable& f, input_type& input, context& ctx) {
        if constexpr (reflect::has_signature<callable>)
            return call(f, input, ctx, std::make_index_sequence<std::tuple_size_v<parameters>>{});
    }

private:
    template <std::size_t... Is>
    static returned_type call(const callable& f, [[maybe_unused]] input_type& input,
                              [[maybe_unused]] context& ctx, std::index_sequence<Is...>) {
        return const_cast<callable&>(f)(argument<Is>(input, ctx)...);
    }

    /// Returns the position of parameter `I` among those that are not the context.
    template <std::size_t I>
    static consteval std::size_t place() {
        return []<std::size_t... Js>(std::index_sequence<Js...>) {
            return (std::size_t{0} + ... +
                    (detail::is_context<std::tuple_element_t<Js, parameters>> ? 0u : 1u));
        }(std::make_index_sequence<I>{});
    }

    template <std::size_t I>
    static decltype(auto) argument(input_type& input, context& ctx) {
        using parameter = std::tuple_element_t<I, parameters>;
        using bare = std::remove_cvref_t<parameter>;
        if constexpr (detail::is_context<parameter>) {
            static_assert(std::is_same_v<parameter, context&>,
                          "mcp: take the context by reference, as mcp::context&");
            return (ctx);
        } else {
            static_assert(!std::is_lvalue_reference_v<parameter> ||
                              std::is_const_v<std::remove_reference_t<parameter>>,
                          "mcp: take parameters by value or by const reference");
            if constexpr (!reflect::is_arguments<input_type>)
                return std::move(input);
            else if constexpr (reflect::is_arg<bare>)
                return bare{std::move(std::get<place<I>()>(input.values))};
            else
                return std::move(std::get<place<I>()>(input.values));
        }
    }
};

} // namespace mcp
