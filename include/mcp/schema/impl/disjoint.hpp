// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/json/codec.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::schema::detail {

/// The JSON type of a C++ type; `any` if there is more than one.
enum class json_type { any, null, boolean, number, string, array, object };

template <class T>
[[nodiscard]] consteval json_type json_type_of() noexcept {
    using namespace mcp::detail;
    if constexpr (requires { codec<T>::schema; } || std::same_as<T, json> || json_optional<T> ||
                  json_variant<T>)
        return json_type::any;
    else if constexpr (reflect::is_constrained<T>)
        return json_type_of<typename T::value_type>();
    else if constexpr (std::same_as<T, std::monostate> || std::same_as<T, std::nullptr_t>)
        return json_type::null;
    else if constexpr (std::same_as<T, bool>)
        return json_type::boolean;
    else if constexpr (json_number<T>)
        return json_type::number;
    else if constexpr (reflect::flag_enum<T>)
        return json_type::array;
    else if constexpr (json_text<T> || std::is_enum_v<T> || std::same_as<T, bytes> ||
                       has_text_form<T>)
        return json_type::string;
    else if constexpr (std::same_as<T, json_object> || json_map<T> || reflect::aggregate_struct<T>)
        return json_type::object;
    else if constexpr (json_tuple<T> || json_range<T> || std::same_as<T, json_array>)
        return json_type::array;
    else
        return json_type::any;
}

/// Returns whether `T` requires a member that `Other` does not have and therefore refuses.
template <class T, class Other>
[[nodiscard]] consteval bool demands_unknown() noexcept {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return (... || (!reflect::may_be_absent<T, Index> &&
                        reflect::json_index<Other>(reflect::json_names<T>[Index]) ==
                            reflect::member_count<Other>));
    }(std::make_index_sequence<reflect::member_count<T>>{});
}

template <class A, class B>
[[nodiscard]] consteval bool are_disjoint() noexcept;

/// Returns whether two structs require a member of the same name with values of which none fits
/// both, such as two literals.
template <class A, class B>
[[nodiscard]] consteval bool members_differ() noexcept {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        const auto differs = []<std::size_t At>(std::integral_constant<std::size_t, At>) {
            constexpr std::size_t other = reflect::member_index<B>(reflect::member_names<A>[At]);
            if constexpr (other == reflect::member_count<B>)
                return false;
            else if constexpr (reflect::may_be_absent<A, At> || reflect::may_be_absent<B, other>)
                return false;
            else
                return are_disjoint<std::remove_cv_t<reflect::member_type<A, At>>,
                                    std::remove_cv_t<reflect::member_type<B, other>>>();
        };
        return (... || differs(std::integral_constant<std::size_t, Index>{}));
    }(std::make_index_sequence<reflect::member_count<A>>{});
}

template <class T>
concept constant_text = has_text_form<T> && requires { text_form<T>::constant; };

/// Returns whether no JSON value fits both types, as far as a simple test can tell.
template <class A, class B>
[[nodiscard]] consteval bool are_disjoint() noexcept {
    constexpr json_type a = json_type_of<A>();
    constexpr json_type b = json_type_of<B>();
    if constexpr (a == json_type::any || b == json_type::any)
        return false;
    else if constexpr (a != b)
        return true;
    else if constexpr (constant_text<A> && constant_text<B>)
        return text_form<A>::constant != text_form<B>::constant;
    else if constexpr (reflect::aggregate_struct<A> && reflect::aggregate_struct<B>)
        return demands_unknown<A, B>() || demands_unknown<B, A>() || members_differ<A, B>();
    else
        return false;
}

template <class First, class... Rest>
[[nodiscard]] consteval bool disjoint_from_each() noexcept {
    if constexpr (sizeof...(Rest) == 0)
        return true;
    else
        return (... && are_disjoint<First, Rest>()) && disjoint_from_each<Rest...>();
}

/// True if every JSON value fits at most one of `T`.
template <class... T>
inline constexpr bool all_disjoint = disjoint_from_each<T...>();

} // namespace mcp::schema::detail
