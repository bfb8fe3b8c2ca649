// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/member.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace mcp::reflect {

/// True if `describe<E>` declares that the values of an enum combine, which JSON shows as an array
/// of names:
///
///     template <>
///     struct mcp::describe<rights> {
///         static constexpr bool flags = true;
///     };
///
/// The names are those of the enumerators of one bit. The empty array is 0.
template <class E>
concept flag_enum = std::is_enum_v<E> && requires { requires describe<E>::flags; };

namespace detail {

template <class E>
[[nodiscard]] constexpr std::uint64_t bits_of(E value) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::underlying_type_t<E>>(value));
}

template <std::size_t Count>
struct flag_table {
    std::array<std::uint64_t, Count> bits{};
    std::array<std::string_view, Count> names{};
    bool complete = Count > 0; ///< each bit has a name
};

template <class E>
[[nodiscard]] consteval auto find_flags() noexcept {
    constexpr std::size_t count = [] {
        std::size_t single = 0;
        for (const E value : enum_values<E>)
            single += std::has_single_bit(bits_of(value)) ? 1U : 0U;
        return single;
    }();
    flag_table<count> found;
    std::uint64_t all = 0;
    std::uint64_t named = 0;
    std::size_t end = 0;
    for (std::size_t at = 0; at < enum_values<E>.size(); ++at) {
        const std::uint64_t bits = bits_of(enum_values<E>[at]);
        all |= bits;
        if (std::has_single_bit(bits)) {
            found.bits[end] = bits;
            found.names[end++] = enum_names<E>[at];
            named |= bits;
        }
    }
    found.complete = found.complete && all == named;
    return found;
}

template <class E>
struct flags_of {
    static constexpr auto found = find_flags<E>();
};

} // namespace detail

/// The flags of `E` in ascending order: `std::array<std::uint64_t, N>`.
template <flag_enum E>
inline constexpr const auto& flag_bits = detail::flags_of<E>::found.bits;

/// The names of the flags, in the same order: `std::array<std::string_view, N>`.
template <flag_enum E>
inline constexpr const auto& flag_names = detail::flags_of<E>::found.names;

} // namespace mcp::reflect
