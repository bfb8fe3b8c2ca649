// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mcp {

/// Text as a template argument: `tool<add, "a", "b">`, `arg<"city", std::string>`.
///
/// It is deduced from a string literal. `N` counts the characters without the terminating zero. The
/// zero is kept, so that `text` is a C string.
template <std::size_t N>
struct fixed_string {
    char text[N + 1]{};

    constexpr fixed_string() = default;

    /// Copies a literal. Implicit, because a template argument needs that.
    consteval fixed_string(const char (&literal)[N + 1]) { std::copy_n(literal, N + 1, text); }

    /// Returns the characters, valid as long as this object.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {text, N}; }

    constexpr operator std::string_view() const noexcept { return view(); }

    [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

    [[nodiscard]] static constexpr bool empty() noexcept { return N == 0; }
};

template <std::size_t N>
fixed_string(const char (&)[N]) -> fixed_string<N - 1>;

/// Compares strings of different lengths, which always differ.
template <std::size_t N, std::size_t M>
[[nodiscard]] constexpr bool operator==(const fixed_string<N>& left,
                                        const fixed_string<M>& right) noexcept {
    return left.view() == right.view();
}

} // namespace mcp
