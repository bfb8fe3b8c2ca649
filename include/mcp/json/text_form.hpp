// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/config.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// Defines the JSON form of a type that is written as a string. Specialise it:
///
///     template <>
///     struct mcp::text_form<colour> {
///         static constexpr std::string_view pattern = "^#[0-9a-f]{6}$";
///         static std::string what() { return "colour such as \"#00ff7f\""; }
///         static bool append(std::string& out, const colour& c) { out += c.name(); return true; }
///         static std::optional<colour> parse(std::string_view text);
///     };
///
/// The schema has the `description`, `format`, `pattern` and `constant`, as far as they are
/// declared. `parse`
/// returns nullopt for other texts, and the error says that `what()` was expected. `append` returns
/// false for a value that has no text; that is an `encode_error`.
template <class T>
struct text_form {};

/// Types with a `text_form`.
template <class T>
concept has_text_form = requires(std::string& out, const T& value, std::string_view text) {
    { text_form<T>::what() } -> std::convertible_to<std::string>;
    { text_form<T>::append(out, value) } -> std::same_as<bool>;
    { text_form<T>::parse(text) } -> std::same_as<std::optional<T>>;
};

} // namespace mcp
