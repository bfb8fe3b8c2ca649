// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/defaults.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/flags.hpp>
#include <mcp/reflect/json_names.hpp>
#include <mcp/reflect/member.hpp>
#include <mcp/reflect/members.hpp>

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

// Finds the first fault of a struct or an enum itself: of the list of its members, of `describe<T>`
// and of its defaults. The faults of its members' types are found by <mcp/json/form_fault.hpp>.

namespace mcp::detail {

template <class T, class Member>
struct unknown_member {
    static_assert(never<T>,
                  "mcp: describe<T> names a member that T does not have; write the name exactly as "
                  "T declares it");
};

template <class T, class Member>
struct member_of_another {
    static_assert(
        never<T>,
        "mcp: describe<T> points to a member of another struct; write mcp::member<&T::…>");
};

template <class T, class Member>
struct described_twice {
    static_assert(never<T>, "mcp: describe<T> describes a member twice; keep one of the two");
};

template <class T, class List>
struct no_member_list {
    static_assert(never<T>,
                  "mcp: members in describe<T> must be mcp::members(mcp::member<…>(…), …)");
};

template <class T, class Part>
struct no_part {
    static_assert(never<T>,
                  "mcp: described takes a text, and then mcp::member<…>(…), mcp::title{\"…\"}, "
                  "mcp::camel_case{} and mcp::no_defaults{}");
};

template <class Place, class Attribute>
struct no_attribute {
    static_assert(never<Place>, "mcp: member<…>(…) takes a description and attributes such as "
                                "mcp::minimum{1}; this argument is neither");
};

template <class Place, class Attribute>
struct misfit {
    static_assert(never<Place>,
                  "mcp: an attribute in describe<T> does not fit the type of its member; minimum "
                  "and maximum are for numbers, min_length, pattern and format for strings, "
                  "min_items for containers, default_value for what the member can be made of, "
                  "param_header for strings, integers and bool");
};

template <class Place>
struct no_header_name {
    static_assert(never<Place>,
                  "mcp: param_header takes the name of an HTTP header: letters, digits and "
                  "!#$%&'*+-.^_`|~");
};

template <class Place>
struct no_pattern {
    static_assert(never<Place>,
                  "mcp: mcp::pattern takes an ECMAScript regular expression that RE2 can match: no "
                  "look-around, no back-references, no more than 1000 repetitions");
};

template <class Place>
struct no_engine {
    static_assert(never<Place>, "mcp: checking a pattern needs RE2: include <mcp/schema/re2.hpp> "
                                "here and link the component asio-mcp::re2");
};

template <class T>
struct no_names {
    static_assert(never<T>, "mcp: names in describe<T> must be mcp::camel_case");
};

template <class T>
struct equal_json_names {
    static_assert(never<T>, "mcp: two members of this struct have the same name in JSON; give one "
                            "another mcp::json_name");
};

template <class Member>
struct unread_initializer {
    static_assert(
        never<Member>,
        "mcp: this compiler cannot read the initialiser of this member beside a "
        "std::string; repeat it in describe<T> as mcp::default_value{...}, or write there "
        "static constexpr bool defaults = false, so that none counts");
};

template <class Member>
struct unreadable_defaults {
    static_assert(never<Member>,
                  "mcp: whether this member has an initialiser cannot be read beside one such as "
                  "std::map or mcp::json; say it in describe<T> by mcp::default_value{...} or "
                  "mcp::defaulted{}, or that none has: static constexpr bool defaults = false");
};

template <class E, class Place = unnamed>
struct nameless_enum {
    static_assert(never<E>,
                  "mcp: an enum without named values in its enum_range has no JSON form; name some "
                  "values or specialise mcp::enum_range for it");
};

template <class E, class Place = unnamed>
struct nameless_flags {
    static_assert(never<E>, "mcp: an enum of flags needs an enumerator for each of its bits; "
                            "name them, or remove flags from describe<E>");
};

template <class E, class Place = unnamed>
struct enum_outside_range {
    static_assert(never<E>,
                  "mcp: an enum has a value outside its enum_range, which C++20 does not find; "
                  "specialise mcp::enum_range for it");
};

/// Returns whether any two names are equal.
template <class Names>
[[nodiscard]] consteval bool any_equal(const Names& names) noexcept {
    for (std::size_t at = 0; at < names.size(); ++at)
        for (std::size_t other = 0; other < at; ++other)
            if (names[at] == names[other])
                return true;
    return false;
}

template <class T, std::size_t Index>
consteval auto member_name() {
    constexpr std::string_view name = reflect::member_names<T>[Index];
    fixed_string<name.size()> copy;
    for (std::size_t at = 0; at < name.size(); ++at)
        copy.text[at] = name[at];
    return copy;
}

template <class Class, class Member>
std::type_identity<Class> class_of(Member Class::*);

/// False if a member is described by a pointer into another class.
template <class T, class Member>
inline constexpr bool points_into = true;
template <class T, auto Pointer, class... Attributes>
inline constexpr bool points_into<T, described_pointer<Pointer, Attributes...>> =
    std::is_base_of_v<typename decltype(class_of(Pointer))::type, T>;

template <class T>
[[nodiscard]] consteval bool has_name(std::string_view name) noexcept {
    if constexpr (std::is_enum_v<T>)
        return reflect::enum_from_name<T>(name).has_value();
    else
        return reflect::member_index<T>(name) < reflect::member_count<T>;
}

template <class T, std::size_t At, class Member>
consteval auto find_name_fault() {
    if constexpr (!points_into<T, Member>)
        return std::type_identity<member_of_another<T, Member>>();
    else if constexpr (!has_name<T>(Member::name))
        return std::type_identity<unknown_member<T, Member>>();
    else if constexpr (reflect::detail::described_list_of<T>::find(Member::name) != At)
        return std::type_identity<described_twice<T, Member>>();
    else
        return std::type_identity<no_fault>();
}

template <class T, class List>
consteval auto find_list_fault(const List&) {
    return std::type_identity<no_member_list<T, List>>();
}
template <class T, class... Members>
consteval auto find_list_fault(const described_members<Members...>&) {
    return []<std::size_t... At>(std::index_sequence<At...>) {
        return first_fault<typename decltype(find_name_fault<T, At, Members>())::type...>();
    }(std::index_sequence_for<Members...>());
}

template <class T, class... Parts>
consteval auto find_part_fault(const type_description<Parts...>&) {
    return first_fault<std::conditional_t<reflect::detail::is_described_part<Parts>, no_fault,
                                          no_part<T, Parts>>...>();
}

/// Finds a fault of the names in `describe<T>`.
template <class T>
consteval auto find_description_fault() {
    if constexpr (reflect::detail::describes_itself<T>)
        return first_fault<typename decltype(find_part_fault<T>(T::describe))::type,
                           typename decltype(find_list_fault<T>(describe<T>::members))::type>();
    else if constexpr (reflect::has_described_members<T>)
        return find_list_fault<T>(describe<T>::members);
    else
        return std::type_identity<no_fault>();
}

template <class T, std::size_t Index, std::size_t At, class Attribute>
consteval auto find_attribute_fault() {
    using place = member_of<T, member_name<T, Index>()>;
    if constexpr (!reflect::detail::is_attribute<Attribute>) {
        return std::type_identity<no_attribute<place, Attribute>>();
    } else if constexpr (!reflect::detail::fits<Attribute, reflect::member_type<T, Index>>) {
        return std::type_identity<misfit<place, Attribute>>();
    } else {
        constexpr auto attributes = reflect::member_description<T, Index>().attributes;
        if constexpr (!reflect::detail::names_header(std::get<At>(attributes)))
            return std::type_identity<no_header_name<place>>();
        else if constexpr (!reflect::detail::is_valid_pattern(std::get<At>(attributes)))
            return std::type_identity<no_pattern<place>>();
        else
            return std::type_identity<no_fault>();
    }
}

template <class T, std::size_t Index, class... Attributes>
consteval auto find_attributes_fault(std::type_identity<std::tuple<Attributes...>>) {
    return []<std::size_t... At>(std::index_sequence<At...>) {
        return first_fault<
            typename decltype(find_attribute_fault<T, Index, At, Attributes>())::type...>();
    }(std::index_sequence_for<Attributes...>());
}

template <class T, std::size_t Index>
consteval auto find_described_fault() {
    if constexpr (reflect::has_attributes<T, Index>)
        return find_attributes_fault<T, Index>(
            std::type_identity<decltype(reflect::member_description<T, Index>().attributes)>());
    else
        return std::type_identity<no_fault>();
}

template <class T>
inline constexpr bool has_wrong_naming = false;
template <class T>
    requires requires { describe<T>::names; }
inline constexpr bool has_wrong_naming<T> =
    !std::is_same_v<std::remove_cv_t<decltype(describe<T>::names)>, camel_case>;

template <class T>
consteval auto find_names_fault() {
    if constexpr (has_wrong_naming<T>)
        return std::type_identity<no_names<T>>();
    else if constexpr (any_equal(reflect::json_names<T>))
        return std::type_identity<equal_json_names<T>>();
    else
        return std::type_identity<no_fault>();
}

template <class T>
consteval auto find_struct_fault() {
    using count = typename reflect::detail::count_fault<reflect::detail::member_count_of<T>>::type;
    if constexpr (is_fault<count>) {
        return std::type_identity<count>();
    } else {
        using description = typename decltype(find_description_fault<T>())::type;
        if constexpr (is_fault<description>)
            return std::type_identity<description>();
        else
            return []<std::size_t... Index>(std::index_sequence<Index...>) {
                return first_fault<typename decltype(find_described_fault<T, Index>())::type...,
                                   typename decltype(find_names_fault<T>())::type>();
            }(std::make_index_sequence<reflect::member_count<T>>());
    }
}

/// The first fault of a struct, apart from its defaults.
template <class T>
using struct_fault = typename decltype(find_struct_fault<T>())::type;

template <class Text, class... Attributes>
consteval bool have_engines(const std::tuple<Attributes...>&) {
    return (... && [] {
        if constexpr (requires { Attributes::template has_engine<Text>; })
            return Attributes::template has_engine<Text>;
        else
            return true;
    }());
}

template <class T, std::size_t Index>
consteval auto find_engine_fault() {
    if constexpr (reflect::has_attributes<T, Index>) {
        using value = reflect::detail::bare_t<reflect::member_type<T, Index>>;
        constexpr auto attributes = reflect::member_description<T, Index>().attributes;
        return std::type_identity<
            std::conditional_t<have_engines<value>(attributes), no_fault,
                               no_engine<member_of<T, member_name<T, Index>()>>>>();
    } else {
        return std::type_identity<no_fault>();
    }
}

/// Returns the first member of which it is not known, or not known with every compiler, whether it
/// has a default.
template <class T, std::size_t Index = 0>
consteval auto find_unclear_default() {
    using reflect::detail::initializer;
    constexpr initializer known = reflect::detail::initializer_of<T, Index>;
    if constexpr (!reflect::detail::says_whether<T, Index> &&
                  (known == initializer::unknown ||
                   (known == initializer::unread && reflect::detail::all_literal<T>)))
        return std::type_identity<member_of<T, member_name<T, Index>()>>();
    else
        return find_unclear_default<T, Index + 1>();
}

template <class T, bool Reads>
consteval auto find_defaults_fault() {
    if constexpr (!reflect::detail::agrees_on_defaults<T>)
        return std::type_identity<
            unread_initializer<typename decltype(find_unclear_default<T>())::type>>();
    else if constexpr (Reads && !reflect::detail::knows_defaults<T>)
        return std::type_identity<
            unreadable_defaults<typename decltype(find_unclear_default<T>())::type>>();
    else
        return std::type_identity<no_fault>();
}

/// The fault of the default member initialisers of a struct. `Reads` says whether values are read,
/// so that it must be known which members have one.
template <class T, bool Reads>
using defaults_fault = typename decltype(find_defaults_fault<T, Reads>())::type;

template <class T>
consteval auto find_reading_fault() {
    return []<std::size_t... Index>(std::index_sequence<Index...>) {
        return first_fault<defaults_fault<T, true>,
                           typename decltype(find_engine_fault<T, Index>())::type...>();
    }(std::make_index_sequence<reflect::member_count<T>>());
}

/// The first fault of a struct that matters only if values are read.
template <class T>
using reading_fault = typename decltype(find_reading_fault<T>())::type;

template <class E>
inline constexpr bool complete_flags = true;
template <reflect::flag_enum E>
inline constexpr bool complete_flags<E> = reflect::detail::flags_of<E>::found.complete;

template <class E>
consteval auto find_enum_fault() {
    if constexpr (reflect::enum_names<E>.empty())
        return std::type_identity<nameless_enum<E>>();
    else if constexpr (!reflect::flag_enum<E> && !reflect::detail::has_annotations<E> &&
                       !reflect::detail::all_in_range<E>())
        return std::type_identity<enum_outside_range<E>>();
    else if constexpr (!complete_flags<E>)
        return std::type_identity<nameless_flags<E>>();
    else
        return find_description_fault<E>();
}

/// The first fault of an enum.
template <class E>
using enum_fault = typename decltype(find_enum_fault<E>())::type;

} // namespace mcp::detail
