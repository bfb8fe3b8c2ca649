// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/constraints.hpp>
#include <mcp/reflect/describe.hpp>
#include <mcp/reflect/members.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace mcp::reflect {

// Which members of a struct may be absent in JSON, and which value they have then. The schema and
// decoding use the same rule.
//
// A member may be absent if it is a `std::optional`, if `describe<T>` gives it a `default_value` or
// marks it `defaulted`, or if it has a default member initialiser that can be read at compile time.
// A scalar has such an initialiser if it is initialised at all. A member of class type has one if
// its value differs from a default-constructed value. The compiler cannot tell `std::string a;`
// from `std::string a = "";`, nor `std::vector<int> a;` from `std::vector<int> a{};`.
//
// No initialiser can be read in a struct with a member whose type cannot exist in a constant
// expression, such as `std::map`, `std::set`, `mcp::json` or `std::unique_ptr`. Decoding such a
// struct does not compile until `describe<T>` states which members have defaults, or that there are
// none:
//
//     template <>
//     struct mcp::describe<query> {
//         static constexpr bool defaults = false;
//     };
//
// clang with the library of g++ 12 rejects `std::string` in constant expressions. It reads only the
// members after the last string, and `= 0` or `= false` counts as no initialiser. `default_value`
// and `defaulted` work with every compiler.

namespace detail {

template <class T>
inline constexpr bool is_optional = false;

template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

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
[[nodiscard]] consteval std::size_t find_default(const std::tuple<Attributes...>&) noexcept {
    std::size_t at = 0;
    (void)(... && (!is_default_value<Attributes> && (++at, true)));
    return at;
}

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
    else if constexpr (is_optional<T>)
        return left.has_value() != right.has_value() || (left.has_value() && differ(*left, *right));
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

/// True if a default-initialised object of the type holds no value.
template <class T>
inline constexpr bool is_unset_at_first = std::is_scalar_v<T>;

template <class Rule>
inline constexpr bool is_unset_at_first<constrained<Rule>> =
    std::is_arithmetic_v<typename Rule::value_type>;

/// Is not a constant expression if `value` is not set.
template <class T>
[[nodiscard]] constexpr bool is_set(const T& value) {
    if constexpr (is_constrained<T>)
        return is_set(*value);
    else
        return value == value;
}

// `requires` tests whether these functions are constant expressions; that is their result.

/// Tests whether an object can be made. It is a named function for clang 16.
template <class T>
[[nodiscard]] consteval bool is_made() {
    [[maybe_unused]] T object{};
    return true;
}

/// Tests whether scalar member `Index` is initialised. It reads an object in which only the default
/// member initialisers have set values.
template <class T, std::size_t Index>
[[nodiscard]] consteval bool reads_scalar() {
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

template <bool>
struct evaluated {};

/// How to read the initialiser of a member.
enum class initializer { none, plain, after_fillers };

template <class T, std::size_t Index>
[[nodiscard]] consteval initializer find_initializer() noexcept {
    using member = member_type<T, Index>;
    if constexpr (std::is_array_v<member> || std::is_const_v<member>) {
        return initializer::none;
    } else if constexpr (requires { evaluated<is_made<T>()>{}; }) {
        if constexpr (is_unset_at_first<member>)
            return requires { evaluated<reads_scalar<T, Index>()>{}; } ? initializer::plain
                                                                       : initializer::none;
        else if constexpr (requires { evaluated<reads_class<T, Index>()>{}; })
            return reads_class<T, Index>() ? initializer::plain : initializer::none;
        else
            return initializer::none;
    } else if constexpr (requires { evaluated<reads_after_fillers<T, Index>()>{}; }) {
        return reads_after_fillers<T, Index>() ? initializer::after_fillers : initializer::none;
    } else {
        return initializer::none;
    }
}

template <class T, std::size_t Index>
inline constexpr initializer initializer_of = find_initializer<T, Index>();

} // namespace detail

/// True if `describe<T>` gives member `Index` a `default_value`.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_described_default = false;

template <aggregate_struct T, std::size_t Index>
    requires has_attributes<T, Index>
inline constexpr bool has_described_default<T, Index> = [] {
    constexpr auto described = member_description<T, Index>();
    return detail::find_default(described.attributes) <
           std::tuple_size_v<decltype(described.attributes)>;
}();

/// True if member `Index` has a default that is known at compile time.
template <aggregate_struct T, std::size_t Index>
inline constexpr bool has_default = [] {
    if constexpr (has_described_default<T, Index>)
        return true;
    else
        return detail::initializer_of<T, Index> != detail::initializer::none;
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
inline constexpr bool may_be_absent = detail::is_optional<member_type<T, Index>> ||
                                      is_described_default<T, Index> || has_default<T, Index>;

namespace detail {

/// True if it is known which members have defaults: the initialisers can be read, `describe<T>`
/// states a default of at least one member, or no member can have one.
template <class T>
inline constexpr bool knows_defaults = []<std::size_t... Index>(std::index_sequence<Index...>) {
    constexpr bool readable = (true && ... && __is_literal_type(member_type<T, Index>));
    constexpr bool nothing =
        (true && ... &&
         (is_optional<member_type<T, Index>> || !__is_literal_type(member_type<T, Index>)));
    constexpr bool said = (false || ... || is_described_default<T, Index>) ||
                          requires { requires !describe<T>::defaults; };
    return readable || nothing || said;
}(std::make_index_sequence<member_count<T>>{});

} // namespace detail

/// Asserts that it is known which members have defaults.
template <aggregate_struct T>
[[nodiscard]] consteval bool check_defaults() noexcept {
    static_assert(detail::knows_defaults<T>,
                  "mcp: the default member initialisers of a struct with a member such as std::map "
                  "or mcp::json cannot be read; mark the members that have one in describe<T> with "
                  "mcp::default_value{...} or mcp::defaulted{}, or declare there that none has: "
                  "static constexpr bool defaults = false");
    return true;
}

/// Returns the default that `describe<T>` gives member `Index`. The member can be made from its
/// type.
template <aggregate_struct T, std::size_t Index>
    requires has_described_default<T, Index>
[[nodiscard]] consteval auto described_default() noexcept {
    constexpr auto described = member_description<T, Index>();
    return std::get<detail::find_default(described.attributes)>(described.attributes).value;
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
