// SPDX-License-Identifier: MIT
#pragma once

#ifdef __cpp_impl_reflection
#include <mcp/reflect/annotations.hpp>

#include <meta>
#include <type_traits>
#include <vector>

namespace mcp::reflect::detail {

// clang-format off
/// True if `T` is no aggregate, but has members with annotations, which may be private. These are
/// its members in JSON.
template <class T>
concept annotated_class = std::is_class_v<T> && !std::is_aggregate_v<T> &&
                          requires { requires !annotated_items_of<T>.empty(); };

/// Returns the members of a struct, in order of declaration.
template <class T>
[[nodiscard]] consteval std::vector<std::meta::info> list_members_of() {
    if constexpr (annotated_class<T>)
        return {std::from_range, annotated_items_of<T>};
    else
        return nonstatic_data_members_of(dealias(^^T), std::meta::access_context::unchecked());
}

template <class T>
inline constexpr auto members_of_struct = std::define_static_array(list_members_of<T>());
// clang-format on

} // namespace mcp::reflect::detail
#else

namespace mcp::reflect::detail {

template <class>
concept annotated_class = false;

} // namespace mcp::reflect::detail

#endif
