// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/impl/struct_members.hpp>
#include <mcp/reflect/members.hpp>
#include <mcp/reflect/nullable.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::reflect::detail {

/// Initialises a member of type `U`. The string is too long to be stored in place, because clang
/// rejects strings in place.
template <class U>
struct filler {
    constexpr operator U() const {
        if constexpr (std::same_as<U, std::string>)
            return std::string("longer than is stored in place, so it is allocated");
        else
            return U{};
    }
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers" // that is the point here
template <class T, std::size_t... Before>
[[nodiscard]] constexpr T make_with_fillers(std::index_sequence<Before...>) {
    return T{filler<member_type<T, Before>>{}...};
}

/// Converts to a member without an exception. It is never called.
template <class U>
struct quiet_filler {
    operator U() const noexcept;
};

template <class T, std::size_t... Before>
    requires(... && !std::is_array_v<member_type<T, Before>>)
[[nodiscard]] consteval bool rest_is_quiet(std::index_sequence<Before...>) noexcept {
    return noexcept(T{quiet_filler<member_type<T, Before>>{}...});
}
#pragma GCC diagnostic pop

/// Compares part by part, because a standard container declares `==` even if its elements have
/// none.
template <class T>
[[nodiscard]] constexpr bool differ(const T& left, const T& right);

template <class Tuple, std::size_t... Index>
[[nodiscard]] constexpr bool differ_in_parts(const Tuple& left, const Tuple& right,
                                             std::index_sequence<Index...>) {
    return (... || differ(std::get<Index>(left), std::get<Index>(right)));
}

template <class T, std::size_t... Index>
[[nodiscard]] constexpr bool differ_in_members(const T& left, const T& right,
                                               std::index_sequence<Index...>) {
    return (... || differ(member_at<Index>(left), member_at<Index>(right)));
}

template <class Range>
[[nodiscard]] constexpr bool differ_in_elements(const Range& left, const Range& right) {
    using element = typename Range::value_type;
    auto at = left.begin();
    for (auto other = right.begin(); other != right.end(); ++other, ++at)
        if (at == left.end() ||
            differ<element>(static_cast<const element&>(*at), static_cast<const element&>(*other)))
            return true;
    return at != left.end();
}

template <class T>
[[nodiscard]] constexpr bool differ(const T& left, const T& right) {
    if constexpr (std::is_array_v<T>)
        return false;
    else if constexpr (aggregate_struct<T>)
        return differ_in_members(left, right, std::make_index_sequence<member_count<T>>{});
    else if constexpr (is_nullable<T>)
        return bool(left) != bool(right) || (left && differ(*left, *right));
    else if constexpr (requires { left.valueless_by_exception(); })
        return left.index() != right.index() ||
               (left.index() == 0 && differ(std::get<0>(left), std::get<0>(right)));
    else if constexpr (requires {
                           left.begin();
                           left.end();
                           typename T::value_type;
                       })
        return differ_in_elements(left, right);
    else if constexpr (requires { std::tuple_size<T>::value; })
        return differ_in_parts(left, right, std::make_index_sequence<std::tuple_size_v<T>>{});
    else if constexpr (std::equality_comparable<T>)
        return !(left == right);
    else
        return false;
}

/// True if default initialisation leaves nothing of a `T` without a value. Only then may a constant
/// of the type be made without initialiser.
template <class T>
concept all_set_at_first = requires { new const T; };

/// True if a default-initialised object of the type has no value in a constant expression.
template <class T>
inline constexpr bool is_unset_at_first = !all_set_at_first<std::remove_cv_t<T>>;

template <class Rule>
inline constexpr bool is_unset_at_first<constrained<Rule>> =
    std::is_arithmetic_v<typename Rule::value_type>;

template <class T>
[[nodiscard]] constexpr bool is_set(const T& value);

template <class T, std::size_t... Index>
[[nodiscard]] constexpr bool members_are_set(const T& value, std::index_sequence<Index...>) {
    return (... && is_set(member_at<Index>(value)));
}

/// Is not a constant expression if a part of `value` is not set.
template <class T>
[[nodiscard]] constexpr bool is_set(const T& value) {
    if constexpr (is_constrained<T>) {
        return is_set(*value);
    } else if constexpr (std::is_array_v<T>) {
        return false;
    } else if constexpr (aggregate_struct<T>) {
        return members_are_set(value, std::make_index_sequence<member_count<T>>{});
    } else if constexpr (requires { std::tuple_size<T>::value; }) {
        return std::apply([](const auto&... part) { return (... && is_set(part)); }, value);
    } else if constexpr (std::equality_comparable<T> && is_unset_at_first<T>) {
        return value == value;
    } else {
        return true;
    }
}

template <class T>
[[nodiscard]] consteval bool is_literal() noexcept;

/// True if all members may be constants.
template <class T>
inline constexpr bool all_literal = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return (true && ... && is_literal<std::remove_cv_t<member_type<T, Index>>>());
}(std::make_index_sequence<member_count<T>>{});

template <class T>
inline constexpr bool holds_literals = true;
template <class... Part>
inline constexpr bool holds_literals<std::tuple<Part...>> = (true && ... && is_literal<Part>());
template <class... Part>
inline constexpr bool holds_literals<std::variant<Part...>> = (true && ... && is_literal<Part>());
template <class First, class Second>
inline constexpr bool holds_literals<std::pair<First, Second>> =
    is_literal<First>() && is_literal<Second>();
template <class T, std::size_t Size>
inline constexpr bool holds_literals<std::array<T, Size>> = is_literal<T>();
template <class T>
inline constexpr bool holds_literals<std::optional<T>> = is_literal<T>();
template <class Rule>
inline constexpr bool holds_literals<constrained<Rule>> = is_literal<typename Rule::value_type>();

/// Returns whether a constant may have the type in C++20, with a complete standard library. Later
/// standards allow owning pointers and the containers without contiguous memory too; that must not
/// change a schema.
template <class T>
[[nodiscard]] consteval bool is_literal() noexcept {
    if constexpr (!__is_literal_type(T))
        return false;
    else if constexpr (aggregate_struct<T>)
        return all_literal<T>;
    else if constexpr (is_nullable<T> && requires { typename T::element_type; })
        return false;
    else if constexpr (requires { typename T::allocator_type; })
        return requires(T& value) { value.data(); } || requires(T& value) { value.flip(); };
    else
        return holds_literals<T>;
}

// `requires` tests whether these functions are constant expressions; that is their result.

/// Tests whether an object can be made. It is a named function for clang 16.
template <class T>
[[nodiscard]] consteval bool is_made() {
    [[maybe_unused]] T object{};
    return true;
}

template <bool>
struct evaluated {};

/// True if a constant may be made of `T{}`.
template <class T>
concept can_be_made = all_literal<T> && requires { evaluated<is_made<T>()>{}; };

/// Tests whether member `Index` is initialised. It reads an object in which only the default member
/// initialisers have set values.
template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_set() {
    T object;
    return is_set(member_at<Index>(object));
}

template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_class() {
    T object{}; // not const: g++ 12 rejects filling a vector in it
    return differ<member_type<T, Index>>(member_at<Index>(object), member_type<T, Index>{});
}

template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_after_fillers() {
    using member = member_type<T, Index>;
    T object = make_with_fillers<T>(std::make_index_sequence<Index>{});
    if constexpr (is_constrained<member> && is_unset_at_first<member>)
        return is_set(member_at<Index>(object));
    else
        return differ<member>(member_at<Index>(object), member{});
}

/// Whether member `Index` has a value of its own in an object that fillers begin.
enum class reading { impossible, same, different };

template <class T, std::size_t Index>
[[nodiscard]] consteval reading read_after_fillers() noexcept {
    using member = member_type<T, Index>;
    if constexpr (std::is_array_v<member> || std::is_const_v<member> || !all_literal<T>)
        return reading::impossible;
    else if constexpr (requires { evaluated<reads_after_fillers<T, Index>()>{}; })
        return reads_after_fillers<T, Index>() ? reading::different : reading::same;
    else
        return reading::impossible;
}

template <class T, std::size_t Index>
inline constexpr reading reading_of = read_after_fillers<T, Index>();

/// True if neither member `Index` nor a later one has an initialiser that may throw.
template <class T, std::size_t Index>
concept begins_quiet_rest =
    requires { requires rest_is_quiet<T>(std::make_index_sequence<Index>{}); };

/// True if each value of the type, except the default value, is made by a function that may throw,
/// or if no compiler can read such a value.
template <class T>
inline constexpr bool is_loud =
    !(
        aggregate_struct<T> || requires { std::tuple_size<T>::value; } ||
        requires(const T& v) { v.valueless_by_exception(); }) &&
    (std::convertible_to<const T&, std::string_view> || requires(const T& v) { v.begin(); } ||
     !is_literal<T>());

template <class Rule>
inline constexpr bool is_loud<constrained<Rule>> = true;

/// Returns whether `Index` is the only member without a value that is not known to have an
/// initialiser.
template <class T, std::size_t Index, std::size_t... At>
[[nodiscard]] consteval bool is_only_unset(std::index_sequence<At...>) noexcept {
    return (... && (At == Index || !is_unset_at_first<member_type<T, At>> ||
                    reading_of<T, At> == reading::different));
}

/// What is known about the initialiser of a member.
enum class initializer {
    none,
    plain,         ///< `T{}` has its value
    after_fillers, ///< an object that fillers begin has its value
    unread,        ///< there is one, whose value cannot be read
    unknown        ///< there may be one
};

/// Returns what is known although no object can be made in a constant expression.
template <class T, std::size_t Index>
[[nodiscard]] consteval initializer infer_initializer() noexcept {
    using member = member_type<T, Index>;
    constexpr reading read = reading_of<T, Index>;
    if constexpr (read == reading::different)
        return initializer::after_fillers;
    else if constexpr (!all_set_at_first<member> && all_set_at_first<T>)
        return read == reading::same ? initializer::after_fillers : initializer::unread;
    else if constexpr (!all_set_at_first<member>)
        return is_only_unset<T, Index>(std::make_index_sequence<member_count<T>>{})
                   ? initializer::none
                   : initializer::unknown;
    else if constexpr (read == reading::same || (is_loud<member> && begins_quiet_rest<T, Index>))
        return initializer::none;
    else
        return initializer::unknown;
}

template <class T, std::size_t Index>
[[nodiscard]] consteval initializer find_initializer() noexcept {
    using member = member_type<T, Index>;
    if constexpr (std::is_array_v<member> || std::is_const_v<member> || is_nullable<member> ||
                  listed_class<T> || requires { requires !describe<T>::defaults; }) {
        return initializer::none;
#ifdef __cpp_impl_reflection
    } else if constexpr (annotated_class<T>) {
        return !has_default_member_initializer(members_of_struct<T>[Index]) ? initializer::none
               : requires { evaluated<is_made<T>()>{}; }                    ? initializer::plain
                                                                            : initializer::unread;
#endif
    } else if constexpr (!can_be_made<T>) {
        return infer_initializer<T, Index>();
    } else if constexpr (is_unset_at_first<member>) {
        return requires { evaluated<reads_set<T, Index>()>{}; } ? initializer::plain
                                                                : initializer::none;
    } else if constexpr (requires { evaluated<reads_class<T, Index>()>{}; }) {
        return reads_class<T, Index>() ? initializer::plain : initializer::none;
    } else {
        return initializer::none;
    }
}

template <class T, std::size_t Index>
inline constexpr initializer initializer_of = find_initializer<T, Index>();

} // namespace mcp::reflect::detail
