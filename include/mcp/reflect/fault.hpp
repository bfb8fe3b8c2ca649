// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/fixed_string.hpp>

#include <concepts>
#include <type_traits>

// A fault is a class template whose instantiation is an error: compilers print its sentence and its
// template arguments, which name the type and its place. A search for faults returns the first as a
// type, without instantiating it. The function that the user calls has the fault as its result, so
// that the call instantiates it: there is one error, and the next line that compilers print is that
// of the user's code.

namespace mcp::detail {

/// False for all types: the condition of an assertion that always fails.
template <class...>
inline constexpr bool never = false;

/// What is found if all is well.
struct no_fault {};

template <class Found>
inline constexpr bool is_fault = !std::same_as<Found, no_fault>;

/// The result of a function that returns nothing, or the fault of its call.
template <class Fault>
using void_unless = std::conditional_t<is_fault<Fault>, Fault, void>;

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

/// The place of a fault in a struct.
template <class Struct, fixed_string Member>
struct member_of;

/// The place of a fault that is not in a struct.
struct unnamed;

/// Adds the place to a fault that has none.
template <class Place, class Fault>
struct located {
    using type = Fault;
};
template <class Place, template <class, class> class Fault, class T>
struct located<Place, Fault<T, unnamed>> {
    using type = Fault<T, Place>;
};

} // namespace mcp::detail
