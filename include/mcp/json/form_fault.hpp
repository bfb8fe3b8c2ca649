// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/view.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/fault.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>
#include <mcp/reflect/struct_fault.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

// Finds the first part of a type that has no JSON form. A fault is a class template whose
// instantiation is the error: compilers print its sentence and its template arguments, which name
// the type and its place. So a caller finds the fault, and instantiates it near the user's code.

namespace mcp::detail {

template <class T, class Place = unnamed>
struct no_json_form {
    static_assert(never<T>,
                  "mcp: this type has no JSON form; make it an aggregate struct, list its members "
                  "by pointer in mcp::describe, or specialise mcp::codec for it");
};

template <class T, class Place = unnamed>
struct incomplete_type {
    static_assert(never<T>, "mcp: this class is only declared here; include its definition");
};

template <class T, class Place = unnamed>
struct single_character {
    static_assert(never<T>, "mcp: a character has no JSON form; take std::string for text, or "
                            "std::int8_t or std::uint8_t for a number");
};

template <class T, class Place = unnamed>
struct pointer_form {
    static_assert(never<T>, "mcp: a pointer or reference has no JSON form; take the value, or "
                            "std::optional of it");
};

template <class T, class Place = unnamed>
struct borrowed_text {
    static_assert(never<T>, "mcp: this type does not own its text; take std::string");
};

template <class T, class Place = unnamed>
struct borrowed_elements {
    static_assert(never<T>, "mcp: this type does not own its elements; take std::vector");
};

template <class T, class Place = unnamed>
struct const_value {
    static_assert(never<T>, "mcp: a const value cannot be read from JSON; remove const");
};

template <class T, class Place = unnamed>
struct map_key {
    static_assert(never<T>, "mcp: the keys of a map must be strings or enums");
};

template <class T, class Place = unnamed>
struct incomplete_codec {
    static_assert(never<T>,
                  "mcp: mcp::codec of this type has no schema, or no read for a parameter "
                  "or no write for a result");
};

template <class T, class Place = unnamed>
struct repeated_keys {
    static_assert(never<T>, "mcp: a key of a multimap may occur several times, but not the name of "
                            "a member in JSON; use a map of vectors");
};

template <class T, class Place = unnamed>
struct unlisted_bases {
    static_assert(
        never<T>,
        "mcp: the compiler cannot list the members of a struct with a base class; list all "
        "in describe<T>: mcp::members(mcp::member<&T::a>(), mcp::member<&T::b>())");
};

template <class T, class Place = unnamed>
struct no_default_constructor {
    static_assert(never<T>, "mcp: a class that is read from JSON needs a default constructor");
};

template <class... Args>
struct equal_parameter_names {
    static_assert(never<Args...>, "mcp: two parameters have the same name; give each its own");
};

/// Classes that are not defined here.
template <class T>
inline constexpr bool is_only_declared = std::is_class_v<T> && !requires { sizeof(T); };

template <class T>
consteval auto find_declared_fault() {
    return std::type_identity<
        std::conditional_t<is_only_declared<T>, incomplete_type<T>, no_fault>>();
}

/// What a type is used for.
enum class json_use {
    reading,
    writing,
    schema,
    result_schema, ///< of a value that is only written
};

template <json_use Use, class T, class... Outer>
consteval auto find_form_fault();

/// Why a `T` cannot be used in this way. `Outer` are the structs that it is a part of.
template <json_use Use, class T, class... Outer>
using form_fault = typename decltype(find_form_fault<Use, T, Outer...>())::type;

template <json_use Use, class T, std::size_t Index, class... Outer>
consteval auto find_member_fault() {
    using found = form_fault<Use, reflect::member_type<T, Index>, T, Outer...>;
    if constexpr (is_fault<found>)
        return located<member_of<T, member_name<T, Index>()>, found>();
    else
        return std::type_identity<no_fault>();
}

template <json_use Use, class T>
consteval auto find_use_fault() {
    if constexpr (Use == json_use::reading)
        return std::type_identity<reading_fault<T>>();
    else if constexpr (Use == json_use::schema)
        return std::type_identity<defaults_fault<T, false>>();
    else
        return std::type_identity<no_fault>();
}

template <json_use Use, class T, class... Outer>
consteval auto find_members_fault() {
    using whole = struct_fault<T>;
    if constexpr (is_fault<whole>)
        return std::type_identity<whole>();
    else
        return []<std::size_t... Index>(std::index_sequence<Index...>) {
            return first_fault<
                typename decltype(find_member_fault<Use, T, Index, Outer...>())::type...,
                typename decltype(find_use_fault<Use, T>())::type>();
        }(std::make_index_sequence<reflect::member_count<T>>());
}

template <json_use Use, class... Outer, template <class...> class List, class... Parts>
consteval auto find_parts_fault(std::type_identity<List<Parts...>>) {
    return first_fault<form_fault<Use, Parts, Outer...>...>();
}

template <json_use Use, class... Args>
consteval auto find_parameters_fault(std::type_identity<arguments<Args...>>) {
    if constexpr (any_equal(std::array<std::string_view, sizeof...(Args)>{Args::name...}))
        return std::type_identity<equal_parameter_names<Args...>>();
    else
        return first_fault<
            typename located<Args, form_fault<Use, typename Args::value_type>>::type...>();
}

/// Types with the part of a codec that a use needs.
template <class T, json_use Use>
inline constexpr bool has_codec_for = Use == json_use::reading   ? has_codec_read<T>
                                      : Use == json_use::writing ? has_codec_write<T>
                                                                 : requires { codec<T>::schema; };

/// Types that are read and written as a whole.
template <class T, json_use Use>
concept whole_form =
    has_codec_for<T, Use> || has_text_form<T> || json_tree<T> || json_number<T> ||
    std::same_as<T, bool> || std::same_as<T, std::string> || std::same_as<T, json_string> ||
    std::same_as<T, bytes> || std::same_as<T, std::monostate> ||
    (Use != json_use::reading &&
     (json_text<T> || std::same_as<T, json_view> || std::same_as<T, std::nullptr_t>));

/// Pointers that are classes, such as `std::unique_ptr` to an array.
template <class T>
concept pointer_class = requires { typename T::element_type; };

template <json_use Use, class T, class... Outer>
consteval auto find_form_fault() {
    if constexpr (is_only_declared<T>) {
        return std::type_identity<incomplete_type<T>>();
    } else if constexpr (std::is_const_v<T> && Use == json_use::reading) {
        return std::type_identity<const_value<T>>();
    } else if constexpr (std::is_const_v<T>) {
        return find_form_fault<Use, std::remove_const_t<T>, Outer...>();
    } else if constexpr (has_codec<T> && !has_codec_for<T, Use>) {
        return std::type_identity<incomplete_codec<T>>();
    } else if constexpr (whole_form<T, Use> || (std::same_as<T, Outer> || ...)) {
        return std::type_identity<no_fault>();
    } else if constexpr (std::is_enum_v<T>) {
        return std::type_identity<enum_fault<T>>();
    } else if constexpr (json_text<T>) {
        return std::type_identity<borrowed_text<T>>();
    } else if constexpr (std::is_pointer_v<T> || std::is_reference_v<T>) {
        return std::type_identity<pointer_form<T>>();
    } else if constexpr (json_optional<T>) {
        return find_form_fault<Use, reflect::content_type<T>, Outer...>();
    } else if constexpr (reflect::is_constrained<T> || reflect::is_arg<T> || is_std_array<T>) {
        return find_form_fault<Use, typename T::value_type, Outer...>();
    } else if constexpr (reflect::is_arguments<T>) {
        return find_parameters_fault<Use>(std::type_identity<T>());
    } else if constexpr (json_variant<T> || json_tuple<T>) {
        return find_parts_fault<Use, Outer...>(std::type_identity<T>());
    } else if constexpr (json_map<T>) {
        if constexpr (json_multiple<T>)
            return std::type_identity<repeated_keys<T>>();
        else if constexpr (json_enum<typename T::key_type>)
            return find_parts_fault<Use, Outer...>(
                std::type_identity<std::tuple<typename T::key_type, typename T::mapped_type>>());
        else if constexpr (json_text<typename T::key_type>)
            return find_form_fault<Use, typename T::mapped_type, Outer...>();
        else
            return std::type_identity<map_key<T>>();
    } else if constexpr (json_range<T> && Use == json_use::reading && !json_elements<T>) {
        return std::type_identity<borrowed_elements<T>>();
    } else if constexpr (json_range<T>) {
        return find_form_fault<Use, json_element_t<T>, Outer...>();
    } else if constexpr (reflect::aggregate_struct<T> && reflect::detail::has_base<T> &&
                         !reflect::detail::listed_class<T>) {
        return std::type_identity<unlisted_bases<T>>();
    } else if constexpr (Use == json_use::reading && reflect::detail::listed_class<T> &&
                         !std::default_initializable<T>) {
        return std::type_identity<no_default_constructor<T>>();
    } else if constexpr (reflect::aggregate_struct<T>) {
        return find_members_fault<Use, T, Outer...>();
    } else if constexpr (std::is_integral_v<T>) {
        return std::type_identity<single_character<T>>();
    } else if constexpr (pointer_class<T>) {
        return std::type_identity<pointer_form<T>>();
    } else {
        return std::type_identity<no_json_form<T>>();
    }
}

} // namespace mcp::detail
