// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

namespace mcp::reflect::detail {

/// Converts to the type of any member that it initialises. It is never called, but has a body
/// because compilers inspect the constructors that would call it.
struct any_member {
    template <class T>
    operator T() const noexcept {
        std::terminate();
    }
};

template <std::size_t>
using any_member_at = any_member;

/// Returns whether `T{any × Before}` is well-formed.
template <class T, std::size_t... Before>
[[nodiscard]] consteval bool takes(std::index_sequence<Before...>) noexcept {
    return requires { T{any_member_at<Before>{}...}; };
}

/// Returns whether `T{any × Before, {}, any × After}` is well-formed. The braces stop brace elision
/// at that place, so that `{}` initialises a whole C array.
template <class T, std::size_t... Before, std::size_t... After>
[[nodiscard]] consteval bool takes_braces(std::index_sequence<Before...>,
                                          std::index_sequence<After...>) noexcept {
    return requires { T{any_member_at<Before>{}..., {}, any_member_at<After>{}...}; };
}

/// Converts only to base classes of `T`.
template <class T>
struct any_base {
    template <class Base>
        requires(std::is_base_of_v<Base, T> && !std::is_same_v<Base, T>)
    operator Base() const noexcept {
        std::terminate();
    }
};

/// Converts to no type.
struct no_value {};

/// True if `T` has a base class, which is then the first thing to initialise.
template <class T>
concept has_base = requires { T{any_base<T>{}}; } && !requires { T{no_value{}}; };

/// Converts only to unions, of which it is not known which member is set.
struct any_union {
    template <class Union>
        requires std::is_union_v<Union>
    operator Union() const noexcept {
        std::terminate();
    }
};

template <class T, std::size_t... Before>
[[nodiscard]] consteval bool takes_union(std::index_sequence<Before...>) noexcept {
    return requires { T{any_member_at<Before>{}..., any_union{}}; } &&
           !requires { T{any_member_at<Before>{}..., no_value{}}; };
}

/// Returns whether one of the values that initialise `T` is a union.
template <class T, std::size_t... At>
[[nodiscard]] consteval bool has_union(std::index_sequence<At...>) noexcept {
    return (... || takes_union<T>(std::make_index_sequence<At>{}));
}

/// The largest number of values that is tried.
inline constexpr std::size_t max_initializers = 256;

/// Returns the number of values that initialise `T`. Each element of a C array counts (brace
/// elision).
///
/// The numbers that `T` accepts form an interval that begins after the last member that must be
/// initialised. The search walks to it, then to its end. The result is `max_initializers` if there
/// is no such interval.
template <class T, std::size_t Count = 0, bool Entered = false>
[[nodiscard]] consteval std::size_t initializer_count() noexcept {
    if constexpr (Count == max_initializers)
        return max_initializers;
    else if constexpr (takes<T>(std::make_index_sequence<Count>{}))
        return initializer_count<T, Count + 1, true>();
    else if constexpr (Entered)
        return Count - 1;
    else
        return initializer_count<T, Count + 1, false>();
}

/// Returns how many of the `Total` values initialise the member that begins at value `At`: the size
/// of a C array, or 1. A member that `{}` cannot initialise is not an array.
template <class T, std::size_t Total, std::size_t At, std::size_t Size = 1>
[[nodiscard]] consteval std::size_t member_width() noexcept {
    if constexpr (At + Size > Total)
        return 1;
    else if constexpr (takes_braces<T>(std::make_index_sequence<At>{},
                                       std::make_index_sequence<Total - At - Size>{}))
        return Size;
    else
        return member_width<T, Total, At, Size + 1>();
}

/// Returns whether each value initialises a member of its own: there are no C arrays.
template <class T, std::size_t... At>
[[nodiscard]] consteval bool no_arrays(std::index_sequence<At...>) noexcept {
    return (... && takes_braces<T>(std::make_index_sequence<At>{},
                                   std::make_index_sequence<sizeof...(At) - At - 1>{}));
}

template <class T, std::size_t Total, std::size_t At = 0>
[[nodiscard]] consteval std::size_t count_members() noexcept {
    if constexpr (At >= Total)
        return 0;
    else
        return 1 + count_members<T, Total, At + member_width<T, Total, At>()>();
}

/// Returns the number of members that `Total` values initialise.
template <class T, std::size_t Total>
[[nodiscard]] consteval std::size_t member_total() noexcept {
    if constexpr (no_arrays<T>(std::make_index_sequence<Total>{}))
        return Total;
    else
        return count_members<T, Total>();
}

} // namespace mcp::reflect::detail
