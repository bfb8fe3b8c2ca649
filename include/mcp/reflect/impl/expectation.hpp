// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace mcp::reflect::detail {

/// Returns whether `left < right` by value, whatever the signs of the two types.
template <class Left, class Right>
    requires std::is_arithmetic_v<Left> && std::is_arithmetic_v<Right>
[[nodiscard]] constexpr bool less(Left left, Right right) noexcept {
    if constexpr (std::is_floating_point_v<Left> || std::is_floating_point_v<Right>)
        return static_cast<long double>(left) < static_cast<long double>(right);
    else if constexpr (std::is_signed_v<Left> && !std::is_signed_v<Right>)
        return left < 0 || static_cast<unsigned long long>(left) < right;
    else if constexpr (!std::is_signed_v<Left> && std::is_signed_v<Right>)
        return right > 0 && left < static_cast<unsigned long long>(right);
    else
        return left < right;
}

/// Returns the shortest text that reads back as `number`.
template <class Number>
[[nodiscard]] std::string number_text(Number number) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

/// True for containers that are not text.
template <class T>
concept countable =
    requires(const T& items) { items.size(); } && !std::is_convertible_v<T, std::string_view>;

/// Counts the characters of UTF-8 text: the bytes that are not continuation bytes.
[[nodiscard]] constexpr std::size_t code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    return count;
}

} // namespace mcp::reflect::detail
