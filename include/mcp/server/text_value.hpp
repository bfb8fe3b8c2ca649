// SPDX-License-Identifier: MIT
#pragma once

#include <mcp/reflect/attributes.hpp>
#include <mcp/reflect/enums.hpp>
#include <mcp/reflect/flags.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>

namespace mcp {

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

} // namespace detail

/// A variable of a URI template as the client sent it, decoded but not checked. It may hold `..`, a
/// leading slash, or a NUL, which a `std::string` parameter refuses. Use it for values that are not
/// part of a file name.
///
///     server.resource<"search://{query}">("Search", [](mcp::raw_value query) {
///         return "Nothing found for " + query.text;
///     });
struct raw_value {
    std::string text;
};

/// A type to which a part of a URI, a path segment or a prompt's argument converts.
template <class T>
concept text_value =
    std::same_as<T, std::string> || std::same_as<T, raw_value> || std::same_as<T, bool> ||
    std::integral<T> || std::floating_point<T> || (std::is_enum_v<T> && !reflect::flag_enum<T>);

/// `std::optional` of a `text_value`.
template <class T>
concept optional_text_value = detail::is_optional<T> && text_value<typename T::value_type>;

/// Converts the whole of `text` to a value; returns nothing if it does not fit. Enums are read by
/// name.
template <text_value T>
std::optional<T> from_text(std::string_view text) {
    if constexpr (std::same_as<T, std::string>) {
        return std::string(text);
    } else if constexpr (std::same_as<T, raw_value>) {
        return raw_value{std::string(text)};
    } else if constexpr (std::same_as<T, bool>) {
        if (text == "true")
            return true;
        if (text == "false")
            return false;
        return std::nullopt;
    } else if constexpr (std::is_enum_v<T>) {
        return reflect::enum_from_name<T>(text);
    } else {
        T value{};
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        if (read.ec != std::errc() || read.ptr != text.data() + text.size())
            return std::nullopt;
        if constexpr (std::floating_point<T>)
            if (!std::isfinite(value)) // "nan" and "inf" are not numbers to a client
                return std::nullopt;
        return value;
    }
}

namespace detail {

/// Describes the text that `from_text<T>` expects, for error messages.
template <text_value T>
constexpr std::string_view text_kind() {
    if constexpr (std::same_as<T, std::string> || std::same_as<T, raw_value>)
        return "text";
    else if constexpr (std::same_as<T, bool>)
        return "true or false";
    else if constexpr (std::is_enum_v<T>)
        return "one of the listed names";
    else if constexpr (std::integral<T>)
        return "an integer";
    else
        return "a number";
}

/// Returns what the attributes of a parameter require of a value that was sent as text, such as
/// "at least 1", or an empty string if it meets that.
template <class T, class Attributes>
std::string unmet_text([[maybe_unused]] const T& value,
                       [[maybe_unused]] const Attributes& attributes) {
    if constexpr (std::tuple_size_v<Attributes> == 0) {
        return {};
    } else {
        constexpr std::size_t budget = 1'000'000; // as for the arguments of a tool
        if (reflect::effort_of_attributes(attributes, value) > budget)
            return "a shorter text, which its pattern can be matched with";
        return reflect::unmet_expectation(attributes, value);
    }
}

} // namespace detail

} // namespace mcp
