// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {
namespace reflect {
namespace detail {

/// Returns whether `T` has a member or enumerator named `name`.
template <class T>
[[nodiscard]] consteval bool has_name(std::string_view name) noexcept {
    if constexpr (std::is_enum_v<T>)
        return enum_from_name<T>(name).has_value();
    else
        return member_index<T>(name) < member_count<T>;
}

/// The compiler prints the template arguments beside the message of the assertion.
template <class T, fixed_string Name>
struct described_name {
    static_assert(has_name<T>(Name),
                  "mcp: describe<T> names a member that T does not have; write the name exactly as "
                  "T declares it");
    static constexpr bool checked = true;
};

template <class T, auto Pointer>
struct described_place {
    template <class Class, class Member>
    static consteval std::type_identity<Class> class_of(Member Class::*);

    static_assert(
        std::is_base_of_v<typename decltype(class_of(Pointer))::type, T>,
        "mcp: describe<T> points to a member of another struct; write mcp::member<&T::…>");
    static constexpr bool checked = true;
};

template <class T, class List>
struct described_list;

template <class T, class... Members>
struct described_list<T, described_members<Members...>> {
    template <fixed_string Name, class... Attributes>
    static consteval bool check(const described_member<Name, Attributes...>*) noexcept {
        return described_name<T, Name>::checked;
    }

    template <auto Pointer, class... Attributes>
    static consteval bool check(const described_pointer<Pointer, Attributes...>*) noexcept {
        return described_place<T, Pointer>::checked &&
               described_name<T, name_of_pointer<Pointer>>::checked;
    }

    static constexpr bool unique = [] {
        const std::array<std::string_view, sizeof...(Members)> names{Members::name...};
        for (std::size_t at = 0; at < names.size(); ++at)
            for (std::size_t other = 0; other < at; ++other)
                if (names[at] == names[other])
                    return false;
        return true;
    }();

    static_assert(unique, "mcp: describe<T> describes a member twice; keep one of the two");

    static constexpr bool checked = (... && check(static_cast<const Members*>(nullptr)));

    /// Returns the index of `name` in the list, or its size.
    static consteval std::size_t find(std::string_view name) noexcept {
        std::size_t at = 0;
        (void)(... && (Members::name != name && (++at, true)));
        return at;
    }

    static constexpr std::size_t size = sizeof...(Members);
};

} // namespace detail

/// True if `describe<T>` has a list of members.
template <class T>
concept has_described_members = requires { describe<T>::members; };

namespace detail {

template <class T>
using described_list_of = described_list<T, std::remove_cvref_t<decltype(describe<T>::members)>>;

} // namespace detail

/// True if `describe<T>` has attributes for member `Index`.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_attributes = false;

template <aggregate_struct T, std::size_t Index>
    requires has_described_members<T>
inline constexpr bool has_attributes<T, Index> = [] {
    using list = detail::described_list_of<T>;
    static_assert(list::checked);
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
        static_assert(list::checked);
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
    static_assert(detail::described_list_of<E>::checked);
    std::string_view words;
    for_each_of(describe<E>::members.list, [&](const auto& each) {
        if (words.empty() && each.name == name)
            words = each.description;
    });
    return words;
}

} // namespace reflect
} // namespace mcp
