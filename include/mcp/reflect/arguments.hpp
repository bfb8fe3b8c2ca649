// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/fixed_string.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace detail {

/// Stands for the type that an `mcp::arg` does not give.
struct missing_type {};

} // namespace detail

/// A parameter that carries its own name. Use it where the library cannot read the parameter names
/// from the function:
///
///     server.tool<"greet">("Greets", [](mcp::arg<"name", std::string> name) {
///         return "Hello, " + *name;
///     });
///
/// It converts to its value; `*name` and `name->size()` access the value as well. After the
/// description follow attributes, as in `member<"…">(…)`:
///
///     mcp::arg<"days", int, "How many days", mcp::default_value{3}, mcp::minimum{1}> days;
///
/// A parameter with a `default_value` may be absent. A text such as `title{"…"}` cannot be a
/// template argument in C++20: `mcp::param` takes it (see `<mcp/reflect/parameters.hpp>`).
template <fixed_string Name, class T = detail::missing_type, fixed_string Description = "",
          auto... Attributes>
struct arg {
    using value_type = T;

    static constexpr std::string_view name = Name;
    static constexpr std::string_view description = Description;
    static constexpr std::tuple<std::remove_cv_t<decltype(Attributes)>...> attributes{
        Attributes...};

    T value{};

    constexpr operator const T&() const noexcept { return value; }

    [[nodiscard]] constexpr const T& operator*() const noexcept { return value; }

    [[nodiscard]] constexpr T& operator*() noexcept { return value; }

    [[nodiscard]] constexpr const T* operator->() const noexcept { return &value; }

    [[nodiscard]] constexpr T* operator->() noexcept { return &value; }
};

/// The parameter list of a function as one type. Its schema is an object with one property for each
/// parameter, and it can be decoded from JSON. Each of `Args` is an `arg<…>`.
template <class... Args>
struct arguments {
    std::tuple<typename Args::value_type...> values{};
};

namespace reflect {

/// True if `T` is an `arg<…>`.
template <class T>
inline constexpr bool is_arg = false;

template <fixed_string Name, class T, fixed_string Description, auto... Attributes>
inline constexpr bool is_arg<arg<Name, T, Description, Attributes...>> = true;

/// True if `T` is an `arguments<…>`.
template <class T>
inline constexpr bool is_arguments = false;

template <class... Args>
inline constexpr bool is_arguments<arguments<Args...>> = true;

} // namespace reflect
} // namespace mcp
