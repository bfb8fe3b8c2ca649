// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/annotations.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/symbol_name.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mcp {

namespace reflect::detail {

/// The name of the member that `Pointer` points to, as a template argument.
template <auto Pointer>
inline constexpr auto name_of_pointer = [] {
    constexpr std::string_view name = symbol_name<Pointer>;
    fixed_string<name.size()> copy;
    std::copy_n(name.data(), name.size(), copy.text);
    return copy;
}();

} // namespace reflect::detail

/// Adds to the schema of `T` what its C++ type cannot say. Specialise it beside a struct, or beside
/// an enum to give its values a title:
///
///     template <>
///     struct mcp::describe<query> {
///         static constexpr auto title = "Search";
///         static constexpr auto description = "What to look for";
///         static constexpr auto members = mcp::members(
///             mcp::member<"words">("Words to find", mcp::min_length{1}),
///             mcp::member<&query::limit>("How many results", mcp::minimum{1}, mcp::maximum{100}));
///     };
///
/// Each of the three is optional. `<mcp/reflect/attributes.hpp>` has the attributes. Decoding
/// arguments checks the attributes that limit values. Without a specialisation, a struct describes
/// itself by a member `describe` (see `described`), or in C++26 by annotations (see
/// `<mcp/reflect/annotations.hpp>`).
template <class T>
struct describe;

/// One member, by name, with its attributes. Made by `member<"name">(…)`.
template <fixed_string Name, class... Attributes>
struct described_member {
    static constexpr std::string_view name = Name;

    std::string_view description;
    std::tuple<Attributes...> attributes;
};

/// One member, by pointer, with its attributes. Made by `member<&T::name>(…)`.
template <auto Pointer, class... Attributes>
struct described_pointer
    : described_member<reflect::detail::name_of_pointer<Pointer>, Attributes...> {
    static constexpr auto pointer = Pointer;
};

/// The list of described members. Made by `members(…)`.
template <class... Members>
struct described_members {
    std::tuple<Members...> list;
};

/// Describes the member or enumerator `Name`: first its meaning, then its attributes.
template <fixed_string Name, class... Attributes>
[[nodiscard]] consteval auto member(std::string_view description, Attributes... attributes) {
    return described_member<Name, Attributes...>{description, {attributes...}};
}

/// Describes a member without a text.
template <fixed_string Name, class... Attributes>
    requires(!(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto member(Attributes... attributes) {
    return described_member<Name, Attributes...>{{}, {attributes...}};
}

/// Describes the member that `Pointer` points to, such as `&query::limit`.
template <auto Pointer, class... Attributes>
    requires std::is_member_object_pointer_v<decltype(Pointer)>
[[nodiscard]] consteval auto member(std::string_view description, Attributes... attributes) {
    return described_pointer<Pointer, Attributes...>{{description, {attributes...}}};
}

/// Describes a member without a text.
template <auto Pointer, class... Attributes>
    requires(std::is_member_object_pointer_v<decltype(Pointer)> &&
             !(... || std::is_convertible_v<Attributes, std::string_view>))
[[nodiscard]] consteval auto member(Attributes... attributes) {
    return described_pointer<Pointer, Attributes...>{{{}, {attributes...}}};
}

/// Makes the list of described members. Members without a description may be left out.
template <class... Members>
[[nodiscard]] consteval auto members(Members... list) {
    return described_members<Members...>{{list...}};
}

struct title;
struct camel_case;

/// States that no default member initialiser of the struct counts; see
/// `<mcp/reflect/defaults.hpp>`.
struct no_defaults {};

/// The description of a struct, from inside. Made by `described(…)`.
template <class... Parts>
struct type_description {
    std::string_view description;
    std::tuple<Parts...> parts;
};

/// Describes a struct from inside, after its members:
///
///     struct query {
///         std::string words;
///         int page_size = 10;
///
///         static constexpr auto describe = mcp::described(
///             "What to look for", mcp::camel_case{}, mcp::member<&query::words>("Words to find"),
///             mcp::member<&query::page_size>("How many results", mcp::minimum{1}));
///     };
///
/// It says the same as a specialisation of `describe`. After the text follow, in any order,
/// `member<…>(…)`, `title{"…"}`, `camel_case{}` and `no_defaults{}`.
template <class... Parts>
[[nodiscard]] consteval auto described(std::string_view description, Parts... parts) {
    return type_description<Parts...>{description, {parts...}};
}

/// Describes a struct without a text.
template <class... Parts>
    requires(!(... || std::is_convertible_v<Parts, std::string_view>))
[[nodiscard]] consteval auto described(Parts... parts) {
    return type_description<Parts...>{{}, {parts...}};
}

namespace reflect {
namespace detail {

template <class T>
inline constexpr bool is_type_description = false;

template <class... Parts>
inline constexpr bool is_type_description<type_description<Parts...>> = true;

/// True if `T` has a member `describe` made by `described(…)`.
template <class T>
concept describes_itself =
    requires { requires is_type_description<std::remove_cvref_t<decltype(T::describe)>>; };

template <fixed_string Name, class... Attributes>
consteval std::true_type test_member(const described_member<Name, Attributes...>*);
consteval std::false_type test_member(const void*);

template <class Part>
inline constexpr bool is_described_member =
    decltype(test_member(static_cast<const Part*>(nullptr)))::value;

template <class Part>
struct described_part {
    static_assert(is_described_member<Part> || std::is_same_v<Part, title> ||
                      std::is_same_v<Part, camel_case> || std::is_same_v<Part, no_defaults>,
                  "mcp: described takes a text, and then mcp::member<…>(…), mcp::title{\"…\"}, "
                  "mcp::camel_case{} and mcp::no_defaults{}");
    static constexpr bool checked = true;
};

template <class Part>
[[nodiscard]] constexpr auto member_or_none(const Part& part) {
    if constexpr (is_described_member<Part>)
        return std::tuple<Part>(part);
    else
        return std::tuple<>();
}

template <class... Parts>
[[nodiscard]] constexpr auto members_among(const type_description<Parts...>& whole) {
    static_assert((true && ... && described_part<Parts>::checked));
    const auto list = std::tuple_cat(member_or_none(std::get<Parts>(whole.parts))...);
    return [&]<class... Members>(const std::tuple<Members...>& members) {
        return described_members<Members...>{members};
    }(list);
}

template <class Part, class Description>
inline constexpr bool has_part = false;

template <class Part, class... Parts>
inline constexpr bool has_part<Part, type_description<Parts...>> =
    (... || std::is_same_v<Part, Parts>);

template <class T>
struct own_words {
    static constexpr std::string_view description = T::describe.description;
    static constexpr auto members = members_among(T::describe);
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_title {};

template <class T, class Description>
    requires has_part<title, Description>
struct own_title<T, Description> {
    static constexpr std::string_view title = std::get<mcp::title>(T::describe.parts).text;
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_names {};

template <class T, class Description>
    requires has_part<camel_case, Description>
struct own_names<T, Description> {
    static constexpr auto names = std::get<camel_case>(T::describe.parts);
};

template <class T, class Description = std::remove_cvref_t<decltype(T::describe)>>
struct own_defaults {};

template <class T, class Description>
    requires has_part<no_defaults, Description>
struct own_defaults<T, Description> {
    static constexpr bool defaults = false;
};

/// What `describe<T>` has unless it is specialised: the member `describe` of `T`, or annotations.
template <class T>
struct own_description : annotated<T> {};

template <describes_itself T>
struct own_description<T> : own_words<T>, own_title<T>, own_names<T>, own_defaults<T> {};

} // namespace detail
} // namespace reflect

template <class T>
struct describe : reflect::detail::own_description<T> {};

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
