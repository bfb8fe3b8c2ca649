// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcp::reflect {

/// True for types that hold a value or none: `std::optional`, and `std::unique_ptr` and
/// `std::shared_ptr` to one object, with which a struct may contain itself.
template <class T>
inline constexpr bool is_nullable = false;

template <class T>
inline constexpr bool is_nullable<std::optional<T>> = true;

template <class T>
inline constexpr bool is_nullable<std::unique_ptr<T>> = !std::is_array_v<T>;

template <class T>
inline constexpr bool is_nullable<std::shared_ptr<T>> = !std::is_array_v<T>;

/// The type of the value that a `T` may hold.
template <class T>
    requires is_nullable<T>
using content_type = std::remove_cvref_t<decltype(*std::declval<const T&>())>;

/// Gives `out` a new value, and returns it.
template <class T>
    requires is_nullable<T>
content_type<T>& renew(T& out) {
    if constexpr (requires { out.emplace(); }) {
        return out.emplace();
    } else {
        auto made = std::make_unique<content_type<T>>();
        content_type<T>& content = *made;
        out = std::move(made);
        return content;
    }
}

} // namespace mcp::reflect
