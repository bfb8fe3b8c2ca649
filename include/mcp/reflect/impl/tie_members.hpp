// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/impl/struct_members.hpp>

#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

namespace mcp::reflect {
namespace detail {

#ifdef __cpp_impl_reflection

/// The largest number of members that `tie_members` accepts.
inline constexpr std::size_t max_members = std::numeric_limits<std::size_t>::max();

// clang-format off
/// Calls `f` with references to the `Count` members of `object`, in order, and returns its result.
template <std::size_t Count, class T, class F>
constexpr decltype(auto) tie_members(T& object, F&& f) {
    using bare = std::remove_const_t<T>;
    if constexpr (listed_class<bare>)
        return pointed_members_of<bare>::tie(object, f);
    else
        return [&]<std::size_t... At>(std::index_sequence<At...>) -> decltype(auto) {
            return std::forward<F>(f)(object.[:members_of_struct<bare>[At]:]...);
        }(std::make_index_sequence<Count>{});
}
// clang-format on

#else

/// The largest number of members that `tie_members` accepts.
inline constexpr std::size_t max_members = 72;

// Structured bindings need every name spelled out, and C++20 has no packs of them. So there is one
// branch for each number of members, eight to a line. `MCP_TIE_n(p)` are the names p0 … p(n-1).
#define MCP_TIE_1(p) p##0
#define MCP_TIE_2(p) MCP_TIE_1(p), p##1
#define MCP_TIE_3(p) MCP_TIE_2(p), p##2
#define MCP_TIE_4(p) MCP_TIE_3(p), p##3
#define MCP_TIE_5(p) MCP_TIE_4(p), p##4
#define MCP_TIE_6(p) MCP_TIE_5(p), p##5
#define MCP_TIE_7(p) MCP_TIE_6(p), p##6
#define MCP_TIE_8(p) MCP_TIE_7(p), p##7
#define MCP_TIE_CASE(n, ...)                                                                       \
    if constexpr (Count == (n)) {                                                                  \
        auto& [__VA_ARGS__] = object;                                                              \
        if constexpr (requires { f(__VA_ARGS__); })                                                \
            return f(__VA_ARGS__);                                                                 \
        else                                                                                       \
            return bit_field{};                                                                    \
    } else
#define MCP_TIE_EIGHT(n, p, ...)                                                                   \
    MCP_TIE_CASE((n) + 1, __VA_ARGS__ MCP_TIE_1(p))                                                \
    MCP_TIE_CASE((n) + 2, __VA_ARGS__ MCP_TIE_2(p))                                                \
    MCP_TIE_CASE((n) + 3, __VA_ARGS__ MCP_TIE_3(p))                                                \
    MCP_TIE_CASE((n) + 4, __VA_ARGS__ MCP_TIE_4(p))                                                \
    MCP_TIE_CASE((n) + 5, __VA_ARGS__ MCP_TIE_5(p))                                                \
    MCP_TIE_CASE((n) + 6, __VA_ARGS__ MCP_TIE_6(p))                                                \
    MCP_TIE_CASE((n) + 7, __VA_ARGS__ MCP_TIE_7(p))                                                \
    MCP_TIE_CASE((n) + 8, __VA_ARGS__ MCP_TIE_8(p))
#define MCP_TIE_A MCP_TIE_8(a),
#define MCP_TIE_B MCP_TIE_A MCP_TIE_8(b),
#define MCP_TIE_C MCP_TIE_B MCP_TIE_8(c),
#define MCP_TIE_D MCP_TIE_C MCP_TIE_8(d),
#define MCP_TIE_E MCP_TIE_D MCP_TIE_8(e),
#define MCP_TIE_F MCP_TIE_E MCP_TIE_8(f),
#define MCP_TIE_G MCP_TIE_F MCP_TIE_8(g),
#define MCP_TIE_H MCP_TIE_G MCP_TIE_8(h),

/// What `tie_members` returns where a member is a bit-field, to which no reference binds.
struct bit_field {};

/// Calls `f` with references to the `Count` members of `object`, in order, and returns its result.
template <std::size_t Count, class T, class F>
constexpr decltype(auto) tie_members(T& object, F&& f) {
    using bare = std::remove_const_t<T>;
    // clang-format off
    if constexpr (Count == 0) { return f(); } else
    if constexpr (listed_class<bare>) { return pointed_members_of<bare>::tie(object, f); } else
    MCP_TIE_EIGHT(0, a)
    MCP_TIE_EIGHT(8, b, MCP_TIE_A)
    MCP_TIE_EIGHT(16, c, MCP_TIE_B)
    MCP_TIE_EIGHT(24, d, MCP_TIE_C)
    MCP_TIE_EIGHT(32, e, MCP_TIE_D)
    MCP_TIE_EIGHT(40, f, MCP_TIE_E)
    MCP_TIE_EIGHT(48, g, MCP_TIE_F)
    MCP_TIE_EIGHT(56, h, MCP_TIE_G)
    MCP_TIE_EIGHT(64, i, MCP_TIE_H)
    { return f(); }
    // clang-format on
}

#undef MCP_TIE_1
#undef MCP_TIE_2
#undef MCP_TIE_3
#undef MCP_TIE_4
#undef MCP_TIE_5
#undef MCP_TIE_6
#undef MCP_TIE_7
#undef MCP_TIE_8
#undef MCP_TIE_CASE
#undef MCP_TIE_EIGHT
#undef MCP_TIE_A
#undef MCP_TIE_B
#undef MCP_TIE_C
#undef MCP_TIE_D
#undef MCP_TIE_E
#undef MCP_TIE_F
#undef MCP_TIE_G
#undef MCP_TIE_H

#endif

} // namespace detail

// References to the members of a struct, as `std::tuple` has them. The constructors of a tuple cost
// the compiler much time for each struct.

template <std::size_t Index, class Member>
struct member_ref {
    Member& value;
};

template <class Sequence, class... Members>
struct member_list;

template <std::size_t... Index, class... Members>
struct member_list<std::index_sequence<Index...>, Members...> : member_ref<Index, Members>... {};

/// Returns the reference at place `Index`.
template <std::size_t Index, class Member>
[[nodiscard]] constexpr Member& ref_at(const member_ref<Index, Member>& list) noexcept {
    return list.value;
}

namespace detail {

/// Returns references to the `Count` members of `object`.
template <std::size_t Count, class T>
[[nodiscard]] constexpr auto list_members(T& object) noexcept {
    return tie_members<Count>(object, [](auto&... member) {
        return member_list<std::make_index_sequence<Count>,
                           std::remove_reference_t<decltype(member)>...>{{member}...};
    });
}

} // namespace detail
} // namespace mcp::reflect
