// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <string_view>

#ifdef __cpp_impl_reflection
#include <concepts>
#include <cstddef>
#include <meta>
#endif

namespace mcp::reflect {

#ifdef __cpp_impl_reflection
/// The text of an attribute. In C++26 it may be part of an annotation, whose type has public
/// members only and does not refer to a string literal: a constant text is copied into the program.
struct attribute_text {
    const char* data = "";
    std::size_t size = 0;

    constexpr attribute_text() = default;

    template <class Text>
        requires(std::convertible_to<const Text&, std::string_view> &&
                 !std::same_as<Text, attribute_text>)
    constexpr attribute_text(const Text& text) {
        const std::string_view view = text;
        if consteval {
            data = std::define_static_string(view);
        } else {
            data = view.data();
        }
        size = view.size();
    }

    constexpr operator std::string_view() const noexcept { return {data, size}; }

    friend constexpr bool operator==(const attribute_text& left, const attribute_text& right) {
        return std::string_view(left) == std::string_view(right);
    }
};
#else
using attribute_text = std::string_view;
#endif

} // namespace mcp::reflect
