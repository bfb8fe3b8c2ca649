// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/member_count.hpp>
#include <mcp/reflect/member.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

#ifdef __cpp_impl_reflection
#include <meta>
#include <vector>
#endif

namespace mcp::reflect::detail {

template <class List>
struct pointed_members {
    static constexpr bool all_pointed = false;
};

/// The members in a list of `describe`, if it has pointers to all.
template <class... Members>
struct pointed_members<described_members<Members...>> {
    static constexpr bool all_pointed = sizeof...(Members) > 0 &&
                                        (... && requires { Members::pointer; });

    static constexpr std::size_t count = sizeof...(Members);

    static constexpr auto names() noexcept {
        return std::array<std::string_view, count>{Members::name...};
    }

    /// Calls `f` with references to the members of `object`, and returns its result.
    template <class T, class F>
    static constexpr decltype(auto) tie(T& object, F& f) {
        return f(object.*Members::pointer...);
    }
};

template <class T>
using pointed_members_of = pointed_members<std::remove_cvref_t<decltype(describe<T>::members)>>;

/// True if the compiler cannot list the members of `T`, but `describe<T>` does by pointers.
template <class T>
concept listed_class = std::is_class_v<T> && requires {
    describe<T>::members;
} && pointed_members_of<T>::all_pointed && (!std::is_aggregate_v<T> || has_base<T>);

#ifdef __cpp_impl_reflection
// clang-format off
/// True if `T` is no aggregate, but has members with annotations, which may be private. These are
/// its members in JSON.
template <class T>
concept annotated_class = std::is_class_v<T> && !std::is_aggregate_v<T> && !listed_class<T> &&
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
#else
template <class>
concept annotated_class = false;
#endif

} // namespace mcp::reflect::detail
