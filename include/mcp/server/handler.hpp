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
#include <optional>
#include <string>
#include <string_view>
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

template <class Parameter>
inline constexpr bool is_context = std::is_same_v<std::remove_cvref_t<Parameter>, context>;

/// The type that an argument is kept as while its handler runs: text is owned.
template <class T>
struct kept {
    using type = T;
};
template <>
struct kept<std::string_view> {
    using type = std::string;
};
template <class T>
struct kept<std::optional<T>> {
    using type = std::optional<typename kept<T>::type>;
};
template <fixed_string Name, class T, fixed_string Description>
struct kept<arg<Name, T, Description>> {
    using type = arg<Name, typename kept<T>::type, Description>;
};
template <class T>
using kept_type = typename kept<T>::type;

template <class Parameter>
using without_context =
    std::conditional_t<is_context<Parameter>, std::tuple<>,
                       std::tuple<std::type_identity<kept_type<std::remove_cvref_t<Parameter>>>>>;

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
    if constexpr (sizeof...(Names) > 0)
        return std::type_identity<arguments<arg<Names, Ps>...>>();
    else if constexpr ((reflect::is_arg<Ps> && ...))
        return std::type_identity<arguments<Ps...>>();
    else
        return std::get<0>(std::tuple<std::type_identity<Ps>...>());
}

} // namespace detail

/// Gives the input and the result of a handler of type `F`, and calls it with decoded arguments.
///
/// `Names` are the names of the parameters in order, without `mcp::context&`. The handler has no
/// fault (see `handler_fault.hpp`).
template <class F, fixed_string... Names>
struct binding {
    using callable = typename detail::unblocked<F>::type;
    using signature = reflect::signature_of<callable>;
    using parameters = typename signature::parameters;
    /// The type of the handler's input: `mcp::arguments<…>`, the one struct, or `mcp::json`.
    using input_type = typename decltype(detail::input_type<Names...>(
        typename detail::inputs<parameters>::type{}))::type;
    using returned_type = typename signature::result_type;
    /// The type of the handler's result, after awaiting.
    using result_type = std::remove_cvref_t<detail::awaited_t<returned_type>>;

    static constexpr bool is_blocking = detail::is_blocking_v<F>;
    static constexpr execution how = is_blocking                             ? execution::blocking
                                     : detail::is_awaitable_v<returned_type> ? execution::awaitable
                                                                             : execution::immediate;

    /// Calls `f` with the members of `input`, which are moved. `input` and `ctx` must outlive the
    /// returned value.
    static returned_type call(const callable& f, input_type& input, context& ctx) {
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
        if constexpr (detail::is_context<parameter>)
            return (ctx);
        else if constexpr (!reflect::is_arguments<input_type>)
            return std::move(input);
        else if constexpr (reflect::is_arg<bare>)
            return bare{std::move(std::get<place<I>()>(input.values))};
        else
            return std::move(std::get<place<I>()>(input.values));
    }
};

} // namespace mcp
