// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/impl/initializer.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp::reflect {

// Which members of a struct may be absent in JSON, and which value they have then. The schema and
// decoding use the same rule, and it gives the same result on every compiler.
//
// A member may be absent if it is a `std::optional` or an owning pointer, if `describe<T>` gives it
// a `default_value` or marks it `defaulted`, or if it has a default member initialiser. A scalar
// has one if it is initialised at all. A string, a container or another class has one if its value
// differs from a default-constructed value: C++ cannot tell `std::string a;` from `std::string a =
// "";`, nor `std::vector<int> a;` from `std::vector<int> a{};`, so these need `defaulted`.
//
// A value beside a `std::map`, a `std::filesystem::path`, an `mcp::json` or another type that is no
// literal type in C++20 cannot be read at compile time, or is not. Whether there is an initialiser
// is still known if all scalars have one, or if there is one scalar. Such a member may be absent,
// and the schema does not show its value. The initialiser of an optional is not shown either.
//
// Where it is not known, decoding does not compile until `describe<T>` states which members have
// defaults, or that there are none besides:
//
//     template <>
//     struct mcp::describe<query> {
//         static constexpr bool defaults = false; // initialisers do not count
//     };
//
// clang with the library of g++ 12 cannot read a struct that ends with a `std::string`, or that has
// one with an initialiser. If a member before it has an initialiser, the schema does not compile
// there. `default_value`, `defaulted` and `defaults` work with every compiler.

namespace detail {

template <class T>
inline constexpr bool is_default_value = false;

template <class T>
inline constexpr bool is_default_value<default_value<T>> = true;

template <class Attribute>
inline constexpr bool says_default =
    is_default_value<Attribute> || std::same_as<Attribute, defaulted>;

/// Returns whether an attribute states that there is a default.
template <class... Attributes>
[[nodiscard]] consteval bool any_says_default(const std::tuple<Attributes...>&) noexcept {
    return (... || says_default<Attributes>);
}

/// Returns the index of `default_value` among the attributes, or their number.
template <class... Attributes>
[[nodiscard]] consteval std::size_t find_default() noexcept {
    std::size_t at = 0;
    (void)(... && (!is_default_value<Attributes> && (++at, true)));
    return at;
}

} // namespace detail

/// The attributes that `describe<T>` gives member `Index`: a tuple.
template <aggregate_struct T, std::size_t Index>
inline constexpr auto member_attributes = member_description<T, Index>().attributes;

/// True if there is a `default_value` among the attributes.
template <class Attributes>
inline constexpr bool gives_default = false;

template <class... Attributes>
inline constexpr bool gives_default<std::tuple<Attributes...>> =
    (... || detail::is_default_value<Attributes>);

/// True if `describe<T>` gives member `Index` a `default_value`.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_described_default = false;

template <aggregate_struct T, std::size_t Index>
    requires has_attributes<T, Index>
inline constexpr bool has_described_default<T, Index> =
    gives_default<std::remove_cv_t<decltype(member_attributes<T, Index>)>>;

/// True if member `Index` has a default that is known at compile time.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_default = [] {
    if constexpr (has_described_default<T, Index>)
        return true;
    else
        return detail::initializer_of<T, Index> == detail::initializer::plain ||
               detail::initializer_of<T, Index> == detail::initializer::after_fillers;
}();

/// True if `describe<T>` states that member `Index` has a default, whatever its value.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool is_described_default = false;

template <aggregate_struct T, std::size_t Index>
    requires has_attributes<T, Index>
inline constexpr bool is_described_default<T, Index> = [] {
    constexpr auto described = member_description<T, Index>();
    return detail::any_says_default(described.attributes);
}();

/// True if member `Index` may be absent in JSON.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool may_be_absent =
    is_nullable<member_type<T, Index>> || is_described_default<T, Index> || has_default<T, Index> ||
    detail::initializer_of<T, Index> == detail::initializer::unread;

namespace detail {

/// True if `describe<T>` or the type states whether member `Index` has a default.
template <class T, std::size_t Index>
inline constexpr bool says_whether =
    is_nullable<member_type<T, Index>> || is_described_default<T, Index>;

/// True if no compiler knows more about the defaults of `T` than this one.
template <class T>
inline constexpr bool agrees_on_defaults = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return !all_literal<T> ||
           (... && (says_whether<T, Index> || (initializer_of<T, Index> != initializer::unread &&
                                               initializer_of<T, Index> != initializer::unknown)));
}(std::make_index_sequence<member_count<T>>{});

/// True if it is known of each member whether it has a default, or `describe<T>` states it of at
/// least one.
template <class T>
inline constexpr bool knows_defaults = []<std::size_t... Index>(std::index_sequence<Index...>) {
    constexpr bool known =
        (true && ... &&
         (says_whether<T, Index> || initializer_of<T, Index> != initializer::unknown));
    return agrees_on_defaults<T> && (known || (false || ... || is_described_default<T, Index>));
}(std::make_index_sequence<member_count<T>>{});

} // namespace detail

/// Returns the value of the `default_value` among the attributes. The member or the parameter can
/// be made from its type.
template <class... Attributes>
    requires gives_default<std::tuple<Attributes...>>
[[nodiscard]] constexpr decltype(auto)
default_among(const std::tuple<Attributes...>& attributes) noexcept {
    constexpr std::size_t at = detail::find_default<Attributes...>();
    return detail::value_of_default(std::get<at>(attributes).value);
}

/// Returns the default that `describe<T>` gives member `Index`.
template <aggregate_struct T, std::size_t Index>
    requires has_described_default<T, Index>
[[nodiscard]] consteval auto described_default() noexcept {
    return default_among(member_attributes<T, Index>);
}

/// Returns the default of member `Index`. In a constant expression, a default that is a container
/// must not outlive the expression.
template <aggregate_struct T, std::size_t Index>
    requires has_default<T, Index>
[[nodiscard]] constexpr member_type<T, Index> default_of() {
    if constexpr (has_described_default<T, Index>) {
        return member_type<T, Index>(described_default<T, Index>());
    } else if constexpr (detail::initializer_of<T, Index> == detail::initializer::plain) {
        T object{};
        return member_at<Index>(object);
    } else {
        T object = detail::make_with_fillers<T>(std::make_index_sequence<Index>{});
        return member_at<Index>(object);
    }
}

/// Assigns the described defaults to their members. The other members keep the values of `T{}`.
template <aggregate_struct T>
constexpr void apply_described_defaults(T& object) {
    if constexpr (has_described_members<T>) {
        [&]<std::size_t... Index>(std::index_sequence<Index...>) {
            const auto apply = [&]<std::size_t At>(std::integral_constant<std::size_t, At>) {
                if constexpr (has_described_default<T, At>)
                    member_at<At>(object) = default_of<T, At>();
            };
            (apply(std::integral_constant<std::size_t, Index>{}), ...);
        }(std::make_index_sequence<member_count<T>>{});
    }
}

} // namespace mcp::reflect
