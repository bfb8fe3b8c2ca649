// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/impl/member_count.hpp>
#include <mcp/reflect/impl/pretty_name.hpp>
#include <mcp/reflect/impl/struct_members.hpp>
#include <mcp/reflect/impl/tie_members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp::reflect {

/// A struct whose members can be listed: an aggregate class that does not behave as an array or a
/// tuple (`std::array`, `std::pair`, ranges), and is neither `arg` nor `arguments`. It has no base
/// class, and no reference, bit-field or anonymous-union members.
///
/// Another class counts as a struct too if `describe` lists its members by pointers. In C++26 also
/// if it has annotated members.
template <class T>
concept aggregate_struct =
    std::is_class_v<T> && !requires { std::tuple_size<T>::value; } &&
    !requires(const T& range) { range.begin(); } && !is_arg<T> && !is_arguments<T> &&
    (std::is_aggregate_v<T> || detail::listed_class<T> || detail::annotated_class<T>);

namespace detail {

// Faults; see `fault.hpp`. The members are then taken to be none.

template <class T>
struct hidden_members {
    static_assert(mcp::detail::never<T>,
                  "mcp: the compiler cannot list the members of a struct with a base class; list "
                  "all in describe<T>: mcp::members(mcp::member<&T::a>(), mcp::member<&T::b>())");
    static constexpr std::size_t value = 0;
};

template <class T>
struct uncountable_members {
    static_assert(mcp::detail::never<T>,
                  "mcp: the members of this struct cannot be counted; it must be complete and "
                  "hold neither references nor large C arrays");
    static constexpr std::size_t value = 0;
};

template <class T>
struct union_member {
    static_assert(mcp::detail::never<T>,
                  "mcp: a struct may not hold a union, named or not, because it is not "
                  "known which member is set; use std::variant");
    static constexpr std::size_t value = 0;
};

template <class T>
struct too_many_members {
    static_assert(mcp::detail::never<T>,
                  "mcp: a struct may have at most 72 members; group some of them in a "
                  "nested struct");
    static constexpr std::size_t value = 0;
};

template <class T>
struct bit_field_member {
    static_assert(mcp::detail::never<T>,
                  "mcp: a struct may not hold bit-fields, because no reference binds "
                  "to them; use whole integers");
    static constexpr std::size_t value = 0;
};

/// Returns the number of members, or why they cannot be listed.
template <class T>
[[nodiscard]] consteval auto find_member_count() noexcept {
    if constexpr (listed_class<T>) {
        return std::type_identity<
            std::integral_constant<std::size_t, pointed_members_of<T>::count>>();
    } else if constexpr (has_base<T>) {
        return std::type_identity<hidden_members<T>>();
    } else {
#ifdef __cpp_impl_reflection
        return std::type_identity<
            std::integral_constant<std::size_t, members_of_struct<T>.size()>>();
#else
        constexpr std::size_t values = initializer_count<T>();
        if constexpr (values == max_initializers) {
            return std::type_identity<uncountable_members<T>>();
        } else if constexpr (has_union<T>(std::make_index_sequence<values>{})) {
            return std::type_identity<union_member<T>>();
        } else if constexpr (constexpr std::size_t count = member_total<T, values>();
                             count > max_members) {
            return std::type_identity<too_many_members<T>>();
        } else if constexpr (std::same_as<decltype(tie_members<count>(std::declval<T&>(),
                                                                      [](auto&...) {})),
                                          bit_field>) {
            return std::type_identity<bit_field_member<T>>();
        } else {
            return std::type_identity<std::integral_constant<std::size_t, count>>();
        }
#endif
    }
}

template <class T>
using member_count_of = typename decltype(find_member_count<T>())::type;

template <class Found>
struct count_fault {
    using type = Found;
};
template <std::size_t Count>
struct count_fault<std::integral_constant<std::size_t, Count>> {
    using type = mcp::detail::no_fault;
};

} // namespace detail

/// The number of members of `T`; a C array counts as one.
template <aggregate_struct T>
inline constexpr std::size_t member_count = detail::member_count_of<T>::value;

/// Returns references to the members, in order of declaration: `std::tuple<A&, B&, …>`. They are
/// const if `object` is const.
template <class T>
    requires aggregate_struct<std::remove_const_t<T>>
[[nodiscard]] constexpr auto member_refs(T& object) noexcept {
    return detail::tie_members<member_count<std::remove_const_t<T>>>(
        object, [](auto&... member) { return std::tie(member...); });
}

/// Calls `f` with references to the members, in order of declaration, and returns its result.
template <class T, class F>
    requires aggregate_struct<std::remove_const_t<T>>
constexpr decltype(auto) with_members(T& object, F&& f) {
    return detail::tie_members<member_count<std::remove_const_t<T>>>(object, std::forward<F>(f));
}

/// The references to the members of a `T`, as a `member_list`.
template <aggregate_struct T>
using member_list_of = decltype(detail::list_members<member_count<T>>(std::declval<T&>()));

/// Returns a reference to member `Index`.
template <std::size_t Index, class T>
    requires aggregate_struct<std::remove_const_t<T>>
[[nodiscard]] constexpr auto& member_at(T& object) noexcept {
    return ref_at<Index>(detail::list_members<member_count<std::remove_const_t<T>>>(object));
}

/// The declared type of member `Index`.
template <aggregate_struct T, std::size_t Index>
using member_type =
    std::remove_reference_t<decltype(ref_at<Index>(std::declval<const member_list_of<T>&>()))>;

namespace detail {

template <listed_class T, std::size_t... Index>
[[nodiscard]] consteval auto read_member_names(std::index_sequence<Index...>) noexcept {
    return pointed_members_of<T>::names();
}

#ifdef __cpp_impl_reflection
// clang-format off
template <class T, std::size_t... Index>
[[nodiscard]] consteval auto read_member_names(std::index_sequence<Index...>) noexcept {
    return std::array<std::string_view, sizeof...(Index)>{
        std::define_static_string(identifier_of(members_of_struct<T>[Index]))...};
}
// clang-format on
#else
/// An object that is never made: only the addresses of its members are printed. The union removes
/// the need for a constructor of `T`.
template <class T>
union unmade {
    char none;
    T object;

    constexpr unmade() noexcept : none() {}

    constexpr ~unmade() {}
};

template <class T>
inline constinit unmade<T> unmade_object{};

#if defined(__clang__) && __clang_major__ < 18
/// As a template argument, clang before 18 accepts the address of a subobject only in a struct.
struct address {
    const volatile void* of;
};

template <class Member>
[[nodiscard]] consteval address printable(Member* member) noexcept {
    return {member};
}
#else
template <class Member>
[[nodiscard]] consteval Member* printable(Member* member) noexcept {
    return member;
}
#endif

template <class T, std::size_t... Index>
[[nodiscard]] consteval auto read_member_names(std::index_sequence<Index...>) noexcept {
    std::array<std::string_view, sizeof...(Index)> names{};
    if constexpr (sizeof...(Index) > 0) {
        std::string_view printed =
            printed_values<printable(&member_at<Index>(unmade_object<T>.object))...>();
        // Each member is printed as "…name)" (g++), "…name" (clang) or "address{…name}" (clang
        // before 18). g++ also prints the type of the object, which may contain commas; only the
        // names are free of them. So the list is read from the back.
        for (std::size_t left = names.size(); left > 0; --left) {
            names[left - 1] = last_identifier(printed);
            printed = printed.substr(0, printed.rfind('&'));
            if (printed.ends_with("address{"))
                printed = printed.substr(0, printed.rfind('}'));
        }
    }
    return names;
}
#endif

} // namespace detail

/// The names of the members, in order of declaration: `std::array<std::string_view, N>`.
template <aggregate_struct T>
inline constexpr auto member_names =
    detail::read_member_names<T>(std::make_index_sequence<member_count<T>>{});

/// Returns the index of the member `name`, or `member_count<T>` if there is none.
template <aggregate_struct T>
[[nodiscard]] constexpr std::size_t member_index(std::string_view name) noexcept {
    std::size_t at = 0;
    while (at < member_count<T> && member_names<T>[at] != name)
        ++at;
    return at;
}

} // namespace mcp::reflect
