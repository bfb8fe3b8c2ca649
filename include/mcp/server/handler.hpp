// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/async/invoke.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/value.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
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
template <fixed_string Name, class T, fixed_string Description, auto... Attributes>
struct kept<arg<Name, T, Description, Attributes...>> {
    using type = arg<Name, typename kept<T>::type, Description, Attributes...>;
};
template <class T>
using kept_type = typename kept<T>::type;

/// The type that an argument is kept as, if the call may leave it out.
template <class T>
struct omitted {
    using type = std::conditional_t<reflect::is_nullable<T>, T, std::optional<T>>;
};
template <fixed_string Name, class T, fixed_string Description, auto... Attributes>
struct omitted<arg<Name, T, Description, Attributes...>> {
    using type = arg<Name, typename omitted<T>::type, Description, Attributes...>;
};

template <class F, class Parameters, std::size_t... At>
consteval bool takes_first(std::index_sequence<At...>) {
    return std::is_invocable_v<F&, std::tuple_element_t<At, Parameters>...>;
}

/// Returns how many of its parameters a handler needs; the others have default arguments. C++20
/// does not see those of a function, only those of a lambda or of another object.
template <class F, class Parameters, std::size_t Count = std::tuple_size_v<Parameters>>
consteval std::size_t needed_parameters() {
    if constexpr (Count == 0 || std::is_pointer_v<F>)
        return Count;
    else if constexpr (takes_first<F, Parameters>(std::make_index_sequence<Count - 1>()))
        return needed_parameters<F, Parameters, Count - 1>();
    else
        return Count;
}

template <class Parameter, bool MayBeOmitted>
struct input_of {
    using bare = kept_type<std::remove_cvref_t<Parameter>>;
    using type = std::tuple<std::type_identity<
        typename std::conditional_t<MayBeOmitted, omitted<bare>, std::type_identity<bare>>::type>>;
};
template <class Parameter, bool MayBeOmitted>
    requires is_context<Parameter>
struct input_of<Parameter, MayBeOmitted> {
    using type = std::tuple<>;
};

/// Whether a parameter of this type takes all arguments at once.
template <class T>
inline constexpr bool is_whole_input =
    (reflect::aggregate_struct<T> && !has_text_form<T>) || std::is_same_v<T, json>;

/// The types that the arguments are kept as. Those after the first `Needed` may be left out.
template <class Parameters, std::size_t Needed = std::tuple_size_v<Parameters>,
          class Index = std::make_index_sequence<std::tuple_size_v<Parameters>>>
struct inputs;
template <class... Ps, std::size_t Needed, std::size_t... At>
struct inputs<std::tuple<Ps...>, Needed, std::index_sequence<At...>> {
    using type = decltype(std::tuple_cat(typename input_of<Ps, (At >= Needed)>::type{}...));
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
    static constexpr std::size_t arity = std::tuple_size_v<parameters>;
    /// How many of its parameters the handler needs; the others have default arguments.
    static constexpr std::size_t needed = detail::needed_parameters<callable, parameters>();
    /// The type of the handler's input: `mcp::arguments<…>`, the one struct, or `mcp::json`.
    using input_type = typename decltype(detail::input_type<Names...>(
        typename detail::inputs<parameters, needed>::type{}))::type;
    using returned_type = typename signature::result_type;
    /// The type of the handler's result, after awaiting.
    using result_type = std::remove_cvref_t<detail::awaited_t<returned_type>>;

    static constexpr bool is_blocking = detail::is_blocking_v<F>;
    static constexpr execution how = is_blocking                             ? execution::blocking
                                     : detail::is_awaitable_v<returned_type> ? execution::awaitable
                                                                             : execution::immediate;

    /// Calls `f` with the members of `input`, which are moved. `input` and `ctx` must outlive the
    /// returned value. The absent ones at the end are left to the default arguments.
    static returned_type call(const callable& f, input_type& input, context& ctx) {
        return call_with<arity>(f, input, ctx);
    }

    /// Returns the name of an argument that is absent although a later one is there, which C++
    /// cannot leave out; or an empty text.
    static std::string_view gap([[maybe_unused]] const input_type& input) {
        if constexpr (needed < arity && reflect::is_arguments<input_type>)
            return find_gap(input, std::make_index_sequence<std::tuple_size_v<kept_types>>());
        else
            return {};
    }

private:
    template <std::size_t Count>
    static returned_type call_with(const callable& f, input_type& input, context& ctx) {
        if constexpr (Count > needed && reflect::is_arguments<input_type>) {
            if (!is_there<place<Count - 1>()>(input))
                return call_with<Count - 1>(f, input, ctx);
        }
        return call(f, input, ctx, std::make_index_sequence<Count>{});
    }

    /// The types of the arguments, as declared and as kept.
    using declared_types = typename detail::inputs<parameters>::type;
    using kept_types = typename detail::inputs<parameters, needed>::type;

    /// Whether an argument may be left out, and is kept as `std::optional` only for that.
    template <std::size_t Place>
    static constexpr bool is_wrapped = !std::is_same_v<std::tuple_element_t<Place, declared_types>,
                                                       std::tuple_element_t<Place, kept_types>>;

    template <class... Args, std::size_t... Places>
    static std::string_view find_gap(const arguments<Args...>& input,
                                     std::index_sequence<Places...>) {
        std::string_view absent, found;
        const auto look = [&](std::string_view name, bool is_given, bool is_absent) {
            if (is_given && found.empty())
                found = absent;
            if (is_absent && absent.empty())
                absent = name;
        };
        (look(Args::name, is_there<Places>(input), is_wrapped<Places> && !is_there<Places>(input)),
         ...);
        return found;
    }

    /// Returns whether an argument is there that may be left out.
    template <std::size_t Place>
    static bool is_there([[maybe_unused]] const input_type& input) {
        if constexpr (Place < place<needed>())
            return false;
        else
            return static_cast<bool>(std::get<Place>(input.values));
    }

    template <std::size_t... Is>
    static returned_type call(const callable& f, [[maybe_unused]] input_type& input,
                              [[maybe_unused]] context& ctx, std::index_sequence<Is...>) {
        return f(argument<Is>(input, ctx)...);
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
            return bare{value<place<I>()>(input)};
        else
            return value<place<I>()>(input);
    }

    template <std::size_t Place>
    static decltype(auto) value(input_type& input) {
        if constexpr (is_wrapped<Place>)
            return *std::move(std::get<Place>(input.values));
        else
            return std::move(std::get<Place>(input.values));
    }
};

} // namespace mcp
