// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/member.hpp>
#include <mcp/reflect/members.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {
namespace reflect {
namespace detail {

template <class List>
struct described_list;

template <class... Members>
struct described_list<described_members<Members...>> {
    static constexpr std::size_t size = sizeof...(Members);

    /// Returns the index of `name` in the list, or its size.
    static consteval std::size_t find(std::string_view name) noexcept {
        std::size_t at = 0;
        (void)(... && (Members::name != name && (++at, true)));
        return at;
    }
};

} // namespace detail

/// True if `describe<T>` has a list of members.
template <class T>
concept has_described_members = requires { describe<T>::members; };

namespace detail {

template <class T>
using described_list_of = described_list<std::remove_cvref_t<decltype(describe<T>::members)>>;

} // namespace detail

/// True if `describe<T>` has attributes for member `Index`.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_attributes = false;

template <aggregate_struct T, std::size_t Index>
    requires has_described_members<T>
inline constexpr bool has_attributes<T, Index> = [] {
    using list = detail::described_list_of<T>;
    constexpr std::size_t at = list::find(member_names<T>[Index]);
    if constexpr (at < list::size)
        return std::tuple_size_v<decltype(std::get<at>(describe<T>::members.list).attributes)> != 0;
    else
        return false;
}();

/// Calls `f` for each of a tuple. It does what `std::apply` does, which takes longer to compile.
template <class... Types, class F>
constexpr void for_each_of(const std::tuple<Types...>& list, F f) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (f(std::get<Index>(list)), ...);
    }(std::index_sequence_for<Types...>{});
}

/// Returns the `described_member` that `describe<T>` has for member `Index`. If there is none, the
/// result has an empty description and no attributes.
template <aggregate_struct T, std::size_t Index>
[[nodiscard]] consteval auto member_description() noexcept {
    if constexpr (has_described_members<T>) {
        using list = detail::described_list_of<T>;
        constexpr std::size_t at = list::find(member_names<T>[Index]);
        if constexpr (at < list::size)
            return std::get<at>(describe<T>::members.list);
        else
            return described_member<"">{};
    } else {
        return described_member<"">{};
    }
}

/// Returns the description that `describe<E>` has for the enumerator `name`, or an empty text.
template <class E>
    requires std::is_enum_v<E> && has_described_members<E>
[[nodiscard]] constexpr std::string_view enumerator_description(std::string_view name) noexcept {
    std::string_view words;
    for_each_of(describe<E>::members.list, [&](const auto& each) {
        if (words.empty() && each.name == name)
            words = each.description;
    });
    return words;
}

} // namespace reflect
} // namespace mcp
