// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/encoding/bytes.hpp>
#include <mcp/json/codec.hpp>
#include <mcp/json/text_form.hpp>
#include <mcp/json/view.hpp>
#include <mcp/reflect/arguments.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/fixed_string.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>

#include <algorithm>
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

/// False for all types: the condition of an assertion that always fails.
template <class...>
inline constexpr bool never = false;

/// What is found if all is well.
struct no_fault {};

template <class Found>
inline constexpr bool is_fault = !std::same_as<Found, no_fault>;

/// The place of a fault in a struct.
template <class Struct, fixed_string Member>
struct member_of;

/// The place of a fault that is not in a struct.
struct unnamed;

template <class T, class Place = unnamed>
struct no_json_form {
    static_assert(never<T>,
                  "mcp: this type has no JSON form; make it an aggregate struct, list its members "
                  "by pointer in mcp::describe, or specialise mcp::codec for it");
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
struct no_default_constructor {
    static_assert(never<T>, "mcp: a class that is read from JSON needs a default constructor");
};

/// Adds the place to a fault that has none.
template <class Place, class Fault>
struct located {
    using type = Fault;
};
template <class Place, template <class, class> class Fault, class T>
struct located<Place, Fault<T, unnamed>> {
    using type = Fault<T, Place>;
};

/// The first of several results that is a fault.
template <class... Found>
struct first_fault {
    using type = no_fault;
};
template <class... Rest>
struct first_fault<no_fault, Rest...> : first_fault<Rest...> {};
template <class First, class... Rest>
struct first_fault<First, Rest...> {
    using type = First;
};

template <bool Reads, class T, class... Outer>
consteval auto find_form_fault();

/// Why a `T` is not read from JSON, or not written if `Reads` is false. `Outer` are the structs that
/// it is a part of.
template <bool Reads, class T, class... Outer>
using form_fault = typename decltype(find_form_fault<Reads, T, Outer...>())::type;

template <class T, std::size_t Index>
consteval auto member_name() {
    constexpr std::string_view name = reflect::member_names<T>[Index];
    fixed_string<name.size()> copy;
    std::copy_n(name.data(), name.size(), copy.text);
    return copy;
}

template <bool Reads, class T, std::size_t Index, class... Outer>
consteval auto find_member_fault() {
    using found = form_fault<Reads, reflect::member_type<T, Index>, T, Outer...>;
    if constexpr (is_fault<found>)
        return located<member_of<T, member_name<T, Index>()>, found>();
    else
        return std::type_identity<no_fault>();
}

template <bool Reads, class T, class... Outer, std::size_t... Index>
consteval auto find_members_fault(std::index_sequence<Index...>) {
    return first_fault<
        typename decltype(find_member_fault<Reads, T, Index, Outer...>())::type...>();
}

template <bool Reads, class... Outer, template <class...> class List, class... Parts>
consteval auto find_parts_fault(std::type_identity<List<Parts...>>) {
    return first_fault<form_fault<Reads, Parts, Outer...>...>();
}

/// Types that are read and written as a whole.
template <class T, bool Reads>
concept whole_form =
    (Reads ? has_codec_read<T> : has_codec_write<T>) || has_text_form<T> || json_tree<T> ||
    json_number<T> || std::is_enum_v<T> || std::same_as<T, bool> || std::same_as<T, std::string> ||
    std::same_as<T, json_string> || std::same_as<T, bytes> || std::same_as<T, std::monostate> ||
    (!Reads && (json_text<T> || std::same_as<T, json_view> || std::same_as<T, std::nullptr_t>));

/// Pointers that are classes, such as `std::unique_ptr` to an array.
template <class T>
concept pointer_class = requires { typename T::element_type; };

template <bool Reads, class T, class... Outer>
consteval auto find_form_fault() {
    if constexpr (std::is_const_v<T> && Reads) {
        return std::type_identity<const_value<T>>();
    } else if constexpr (std::is_const_v<T>) {
        return find_form_fault<Reads, std::remove_const_t<T>, Outer...>();
    } else if constexpr (has_codec<T> && !(Reads ? has_codec_read<T> : has_codec_write<T>)) {
        return std::type_identity<incomplete_codec<T>>();
    } else if constexpr (whole_form<T, Reads> || (std::same_as<T, Outer> || ...)) {
        return std::type_identity<no_fault>();
    } else if constexpr (json_text<T>) {
        return std::type_identity<borrowed_text<T>>();
    } else if constexpr (std::is_pointer_v<T> || std::is_reference_v<T>) {
        return std::type_identity<pointer_form<T>>();
    } else if constexpr (json_optional<T>) {
        return find_form_fault<Reads, reflect::content_type<T>, Outer...>();
    } else if constexpr (reflect::is_constrained<T> || reflect::is_arg<T> || is_std_array<T>) {
        return find_form_fault<Reads, typename T::value_type, Outer...>();
    } else if constexpr (json_variant<T> || json_tuple<T>) {
        return find_parts_fault<Reads, Outer...>(std::type_identity<T>());
    } else if constexpr (json_map<T>) {
        if constexpr (json_multiple<T>)
            return std::type_identity<repeated_keys<T>>();
        else if constexpr (json_key<typename T::key_type>)
            return find_form_fault<Reads, typename T::mapped_type, Outer...>();
        else
            return std::type_identity<map_key<T>>();
    } else if constexpr (json_range<T> && Reads && !json_elements<T>) {
        return std::type_identity<borrowed_elements<T>>();
    } else if constexpr (json_range<T>) {
        return find_form_fault<Reads, json_element_t<T>, Outer...>();
    } else if constexpr (Reads && reflect::detail::listed_class<T> &&
                         !std::default_initializable<T>) {
        return std::type_identity<no_default_constructor<T>>();
    } else if constexpr (reflect::aggregate_struct<T>) {
        return find_members_fault<Reads, T, Outer...>(
            std::make_index_sequence<reflect::member_count<T>>());
    } else if constexpr (pointer_class<T>) {
        return std::type_identity<pointer_form<T>>();
    } else {
        return std::type_identity<no_json_form<T>>();
    }
}

} // namespace mcp::detail
